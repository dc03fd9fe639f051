// `npm run openapi` writes this file from the OpenAPI document.

export interface paths {
    "/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the calendar feed
         * @description iCalendar with an all-day event for each dated creative of the past year and of the future. At most 2,000 are shown: the next ones first, then the latest past ones; a COMMENT names the dates that are omitted. `POST /me/calendar-feed` returns the URL with its key; any other key gets 404.
         */
        get: operations["calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/creatives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your own creatives
         * @description Drafts first, then by date, latest first; newest first within each. Pagination is stable while creatives are added and deleted.
         */
        get: operations["listCreatives"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/creatives/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a creative
         * @description Visible to its owner; while it is due and `SCHEDULE_VISIBILITY` is `shared`, visible to everyone signed in. Send the ETag as If-Match to change it.
         */
        get: operations["getCreative"];
        put?: never;
        post?: never;
        /**
         * Delete a creative
         * @description The creative disappears for everyone at once. Its owner can restore it for 10 minutes; then its image is deleted permanently.
         */
        delete: operations["deleteCreative"];
        options?: never;
        head?: never;
        /**
         * Change the date or the texts of a creative
         * @description Send the `version` or the ETag (`If-Match`) that you have seen. If it is not the current one, nothing changes, and 409 `CHR_VERSION_CONFLICT` or 412 `CHR_PRECONDITION_FAILED` returns the current state.
         */
        patch: operations["changeCreative"];
        trace?: never;
    };
    "/creatives/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a deleted creative
         * @description Works within 10 minutes of the deletion; later it returns 404.
         */
        post: operations["restoreCreative"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/creatives/{id}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the image of a creative
         * @description Use a signed URL (`creative_url`, `preview_url`, `thumbnail_url`), or the token of a user who may see the creative.
         */
        get: operations["getImage"];
        /**
         * Replace the image of a creative
         * @description With `If-Match` or the field `version`, only the version that you have seen is replaced; otherwise 412 `CHR_PRECONDITION_FAILED` or 409 `CHR_VERSION_CONFLICT` returns the current state.
         */
        put: operations["replaceImage"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Status of an SMS
         * @description Available for a day. The id is the only credential: it cannot be guessed, and the reply does not identify the phone number. If WhatsApp does not deliver a code, it becomes the status of the SMS that follows, and `channel` says so.
         */
        get: operations["delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dev/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The SMS inbox as an HTML page or JSON */
        get: operations["inbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dev/inbox.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The SMS inbox as JSON, newest first */
        get: operations["inboxJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/forward-auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check a token for a proxy
         * @description For `auth_request` of nginx and its like in other proxies. The same applies to every other method and to every path below this one. The body is not read. With `audience`, `Authorization` of the answer has a JWT for that service, and is empty without it.
         */
        get: operations["forwardAuth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process runs */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether every dependency answers
         * @description Answers 503 with the names of the dependencies that do not answer or refuse writes, or with `service` from the stop signal on. `degraded` means that the service works but needs an operator, for example because an SMS provider (`sms:...`) refuses the credentials.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/introspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a token of a client of another service
         * @description OAuth token introspection (RFC 7662), as a form. The session is looked up, so that a token is inactive as soon as its session has ended. The token of a session counts as used; a JWT never extends its session.
         */
        post: operations["introspectToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in: send a code
         * @description The answer does not depend on whether the number has an account.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session of this token
         * @description The request has no body. The token is refused from the next request on.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the account of the signed-in user */
        get: operations["me"];
        put?: never;
        post?: never;
        /**
         * Delete the account
         * @description Deletes all its data: sessions, creatives and their images, live codes. Requires a login within the last 10 minutes, or answers 403 `CHR_REAUTHENTICATE`.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        /**
         * Change name or time zone
         * @description Send the `version` that you have seen. If it is not the current one, nothing changes, and 409 `CHR_VERSION_CONFLICT` contains the current state.
         */
        patch: operations["changeMe"];
        trace?: never;
    };
    "/me/calendar-feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether there is a calendar feed, and since when */
        get: operations["calendarFeed"];
        put?: never;
        /**
         * Make a secret address for calendar programs
         * @description It revokes an earlier feed. A feed stays valid when sessions end; `DELETE` revokes it.
         */
        post: operations["createCalendarFeed"];
        /**
         * End the calendar feed
         * @description Answers 404 if there is no feed.
         */
        delete: operations["revokeCalendarFeed"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export all data stored about you */
        get: operations["exportMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/phone-number": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move to another phone number: send a code to it
         * @description Answers like `/login`. A later request replaces this one. The old number stays valid for logins until the code is verified. Requires a login within the last 10 minutes, or answers 403 `CHR_REAUTHENTICATE`.
         */
        post: operations["changePhoneNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/phone-number/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Cancel the change of phone number
         * @description The code that was sent is no longer valid. Answers 404 if no change is pending.
         */
        delete: operations["cancelPhoneNumber"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/phone-number/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move to another phone number: verify its code
         * @description All other sessions end, and the old number is notified by SMS. If another account has the number, the right code answers 409 `CHR_PHONE_TAKEN` up to five times and stays valid; the same code with `take_over: true` moves the number. A repeat of a code that was used a moment ago answers 409 `CHR_OTP_USED`.
         */
        post: operations["verifyPhoneNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/protected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check whether a token is valid */
        get: operations["protected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session of a token
         * @description OAuth token revocation (RFC 7009), as a form. It ends the session as `POST /logout` does, and answers 200 for an unknown token too. JWTs of the session stay valid until their end where a service checks their signature alone.
         */
        post: operations["revokeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the creatives of today and tomorrow
         * @description Dates are those of the time zone `tz`, else the user's, else the default of the service; `dates` returns them. Newest first; `limit` and `cursor` page through both days together.
         */
        get: operations["listScheduled"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sessions of the signed-in user
         * @description Lists the valid sessions, the latest use first.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * End all other sessions, or every one
         * @description Their tokens are refused from the next request on.
         */
        delete: operations["endSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session
         * @description Its token is refused from the next request on. Answers 404 for an unknown session, an ended one, and one of another user.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up: send a code, or verify one
         * @description Without `otp` it sends a code, and `name` is required. With `otp` it does the same as `/verify`.
         */
        post: operations["signup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange the token of a session for a JWT
         * @description OAuth token exchange (RFC 8693), as a form. The JWT is valid for minutes and for one audience, whose service verifies it with the keys of `/.well-known/jwks.json`. It counts as a use of the session.
         */
        post: operations["exchangeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/upload-creative": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload an image for a date
         * @description Metadata is removed from the image; its pixels do not change. Repeating an upload with the same `Idempotency-Key` returns the same creative.
         */
        post: operations["uploadCreative"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify a code and get a token
         * @description Registers the number or logs it in. For a new number without a name it answers 422 `CHR_NAME_REQUIRED`, and the code stays valid. A repeat of a code that was used a moment ago answers 409 `CHR_OTP_USED`, without a token.
         */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/twilio/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Status callback of Twilio
         * @description Signed by `X-Twilio-Signature` for the address under `PUBLIC_URL`, else 403 `CHR_SIGNATURE_INVALID`. Repeated, late and unordered reports are accepted, and so are reports about unknown messages.
         */
        post: operations["twilioStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The public keys of JWTs
         * @description JWK set (RFC 7517). A key is published a day before it signs, and a day after.
         */
        get: operations["getKeySet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/oauth-authorization-server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this authorization server supports
         * @description Metadata of OAuth (RFC 8414).
         */
        get: operations["getServerMetadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Failure
         * @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds.
         */
        Failure: {
            /** @description A sentence for people */
            error: string;
            /**
             * @description Programs switch on it; later versions may add codes
             * @example CHR_VALIDATION
             * @enum {string}
             */
            code: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_DATE_PAST" | "CHR_TIME_ZONE_UNKNOWN" | "CHR_MULTIPART_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT" | "CHR_GRANT_UNSUPPORTED" | "CHR_AUDIENCE_UNKNOWN" | "CHR_SCOPE_UNKNOWN" | "CHR_SUBJECT_TOKEN_INVALID" | "CHR_TOKEN_TYPE_UNSUPPORTED" | "CHR_CLIENT_INVALID" | "CHR_UNAUTHENTICATED" | "CHR_OTP_INVALID" | "CHR_REAUTHENTICATE" | "CHR_ORIGIN_REFUSED" | "CHR_LINK_EXPIRED" | "CHR_SIGNATURE_INVALID" | "CHR_QUOTA_EXCEEDED" | "CHR_NOT_FOUND" | "CHR_METHOD_NOT_ALLOWED" | "CHR_OTP_USED" | "CHR_PHONE_TAKEN" | "CHR_VERSION_CONFLICT" | "CHR_IDEMPOTENCY_CONFLICT" | "CHR_PRECONDITION_FAILED" | "CHR_TOO_LARGE" | "CHR_MEDIA_TYPE" | "CHR_IMAGE_TYPE" | "CHR_RANGE_NOT_SATISFIABLE" | "CHR_IMAGE_BROKEN" | "CHR_IMAGE_TOO_LARGE" | "CHR_PHONE_NOT_ALLOWED" | "CHR_CHANNEL_NOT_ALLOWED" | "CHR_NAME_REQUIRED" | "CHR_RATE_LIMITED" | "CHR_OTP_LOCKED" | "CHR_HEADERS_TOO_LARGE" | "CHR_INTERNAL" | "CHR_UNAVAILABLE";
            /**
             * @description Also in the log of the service
             * @example Ju3x-1a
             */
            request_id: string;
            /** @description Fields, headers or dependencies with a problem */
            details?: {
                path: string;
                message: string;
            }[];
            /**
             * @description Seconds until a repeat can succeed, as in `Retry-After`; with 429 and 503
             * @example 57
             */
            retry_after?: number;
            /**
             * @description Name of the limit that is exceeded; with 429 `CHR_RATE_LIMITED`
             * @example sends_per_phone_hour
             */
            limit?: string;
        };
        /** Creative */
        Creative: {
            id: number;
            /** @description Signed URL of the image; it expires within two hours */
            creative_url: string;
            /**
             * @description YYYY-MM-DD; null for a draft
             * @example 2026-11-21
             */
            scheduled_at: string | null;
            /** @description Title; at most 100 characters */
            title: string | null;
            /** @description Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters */
            alt_text: string | null;
            /** @description Incremented by each change */
            version: number;
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            updated_at: string;
            /**
             * @description One of `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `image/avif`
             * @example image/png
             */
            content_type: string;
            /** @description Size of the stored image */
            byte_count: number;
            /** @description Displayed width in pixels */
            width: number;
            /** @description Displayed height in pixels */
            height: number;
            /** @description Above 1 for an animation */
            frame_count: number;
            /**
             * @description Placeholder to show while the image loads
             * @example #3366cc
             */
            dominant_color: string;
            /** @description Placeholder to show while the image loads: a ThumbHash in base64 */
            thumb_hash: string;
            /**
             * @description Kinds of metadata that were removed from the upload
             * @example [
             *       "exif",
             *       "gps"
             *     ]
             */
            removed: string[];
            /** @description Signed URL of a WebP image with sides of at most 1280 pixels */
            preview_url: string;
            /** @description Signed URL of a WebP image with sides of at most 320 pixels */
            thumbnail_url: string;
            /**
             * @description When the three signed URLs end (RFC 3339, UTC): 403 `CHR_LINK_EXPIRED` from then on. Get the creative again for new ones
             * @example 2026-11-21T11:00:00.000Z
             */
            urls_expire_at: string;
        };
        /** Own creatives */
        OwnCreatives: {
            creatives: components["schemas"]["Creative"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** One creative */
        OneCreative: {
            creative: components["schemas"]["Creative"];
        };
        /**
         * Creative conflict
         * @description The creative has changed; `current` is its current state
         */
        CreativeConflict: {
            /** @description A sentence for people */
            error: string;
            /**
             * @description Programs switch on it; later versions may add codes
             * @example CHR_VALIDATION
             * @enum {string}
             */
            code: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_DATE_PAST" | "CHR_TIME_ZONE_UNKNOWN" | "CHR_MULTIPART_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT" | "CHR_GRANT_UNSUPPORTED" | "CHR_AUDIENCE_UNKNOWN" | "CHR_SCOPE_UNKNOWN" | "CHR_SUBJECT_TOKEN_INVALID" | "CHR_TOKEN_TYPE_UNSUPPORTED" | "CHR_CLIENT_INVALID" | "CHR_UNAUTHENTICATED" | "CHR_OTP_INVALID" | "CHR_REAUTHENTICATE" | "CHR_ORIGIN_REFUSED" | "CHR_LINK_EXPIRED" | "CHR_SIGNATURE_INVALID" | "CHR_QUOTA_EXCEEDED" | "CHR_NOT_FOUND" | "CHR_METHOD_NOT_ALLOWED" | "CHR_OTP_USED" | "CHR_PHONE_TAKEN" | "CHR_VERSION_CONFLICT" | "CHR_IDEMPOTENCY_CONFLICT" | "CHR_PRECONDITION_FAILED" | "CHR_TOO_LARGE" | "CHR_MEDIA_TYPE" | "CHR_IMAGE_TYPE" | "CHR_RANGE_NOT_SATISFIABLE" | "CHR_IMAGE_BROKEN" | "CHR_IMAGE_TOO_LARGE" | "CHR_PHONE_NOT_ALLOWED" | "CHR_CHANNEL_NOT_ALLOWED" | "CHR_NAME_REQUIRED" | "CHR_RATE_LIMITED" | "CHR_OTP_LOCKED" | "CHR_HEADERS_TOO_LARGE" | "CHR_INTERNAL" | "CHR_UNAVAILABLE";
            /**
             * @description Also in the log of the service
             * @example Ju3x-1a
             */
            request_id: string;
            /** @description Fields, headers or dependencies with a problem */
            details?: {
                path: string;
                message: string;
            }[];
            /**
             * @description Seconds until a repeat can succeed, as in `Retry-After`; with 429 and 503
             * @example 57
             */
            retry_after?: number;
            /**
             * @description Name of the limit that is exceeded; with 429 `CHR_RATE_LIMITED`
             * @example sends_per_phone_hour
             */
            limit?: string;
            current?: components["schemas"]["Creative"];
        };
        /** Uploaded creative */
        UploadedCreative: {
            id: number;
            /** @description Signed URL of the image; it expires within two hours */
            creative_url: string;
            /**
             * @description YYYY-MM-DD; null for a draft
             * @example 2026-11-21
             */
            scheduled_at: string | null;
            /** @description Title; at most 100 characters */
            title: string | null;
            /** @description Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters */
            alt_text: string | null;
            /** @description Incremented by each change */
            version: number;
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            updated_at: string;
            /**
             * @description One of `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `image/avif`
             * @example image/png
             */
            content_type: string;
            /** @description Size of the stored image */
            byte_count: number;
            /** @description Displayed width in pixels */
            width: number;
            /** @description Displayed height in pixels */
            height: number;
            /** @description Above 1 for an animation */
            frame_count: number;
            /**
             * @description Placeholder to show while the image loads
             * @example #3366cc
             */
            dominant_color: string;
            /** @description Placeholder to show while the image loads: a ThumbHash in base64 */
            thumb_hash: string;
            /**
             * @description Kinds of metadata that were removed from the upload
             * @example [
             *       "exif",
             *       "gps"
             *     ]
             */
            removed: string[];
            /** @description Signed URL of a WebP image with sides of at most 1280 pixels */
            preview_url: string;
            /** @description Signed URL of a WebP image with sides of at most 320 pixels */
            thumbnail_url: string;
            /**
             * @description When the three signed URLs end (RFC 3339, UTC): 403 `CHR_LINK_EXPIRED` from then on. Get the creative again for new ones
             * @example 2026-11-21T11:00:00.000Z
             */
            urls_expire_at: string;
            /** @description Your oldest other creative that was uploaded from the same file */
            duplicate_of: number | null;
        };
        /** Upload taken */
        UploadTaken: {
            creative: components["schemas"]["UploadedCreative"];
        };
        /** Delivery */
        Delivery: {
            /**
             * @description `queued` in this service, `sent` to the carrier, `delivered` to the handset, or finally `failed`
             * @enum {string}
             */
            status: "queued" | "sent" | "delivered" | "failed";
            /**
             * @description The channel that carries the code
             * @enum {string}
             */
            channel: "sms" | "whatsapp";
            /**
             * @description Why it failed; `null` unless it failed
             * @enum {string|null}
             */
            reason: "number_invalid" | "number_unreachable" | "opted_out" | "blocked" | "whatsapp_failed" | "country_not_served" | "expired" | "not_sent" | null;
            /**
             * @description A sentence for the user who waits
             * @example The message is on its way.
             */
            message: string;
            /**
             * @description Seconds until another SMS may be requested
             * @example 30
             */
            resend_in: number;
        };
        /** Inbox */
        Inbox: {
            messages: {
                sid: string;
                to: string;
                from: string;
                body: string;
                /**
                 * @description A message status of Twilio
                 * @example delivered
                 */
                status: string;
                /**
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                received_at: string;
            }[];
        };
        /** Liveness */
        Liveness: {
            /** @enum {string} */
            status: "live";
        };
        /** Readiness */
        Readiness: {
            status: "ready" | "degraded";
            dependencies: {
                [key: string]: "up" | "degraded";
            };
        };
        /** Introspection */
        Introspection: {
            /** @description False for an unknown or ended token, and for a JWT whose audience is that of another server */
            active: boolean;
            /** @description PUBLIC_URL */
            iss?: string;
            /** @description Id of the user */
            sub?: string;
            /** @description Audience of a JWT; PUBLIC_URL for the token of a session */
            aud?: string;
            /** @description End of the token. The use of the token of a session moves it */
            exp?: number;
            iat?: number;
            /** @description Only for a JWT */
            jti?: string;
            /** @description Id of the session */
            sid?: string;
            /** @description Time of the login */
            auth_time?: number;
            /**
             * @example [
             *       "sms"
             *     ]
             */
            amr?: string[];
            client_id?: string;
            /** @enum {string} */
            token_type?: "Bearer";
            /** @description True for an account of a test number */
            is_test?: boolean;
        };
        /**
         * OAuth failure
         * @description The request was refused or failed. 429 and 503 have `Retry-After`, in seconds.
         */
        OAuthFailure: {
            /**
             * @description Error of OAuth
             * @example invalid_request
             */
            error: string;
            /** @description A sentence for developers */
            error_description: string;
            /**
             * @description Code of the catalogue
             * @example CHR_VALIDATION
             * @enum {string}
             */
            code: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_DATE_PAST" | "CHR_TIME_ZONE_UNKNOWN" | "CHR_MULTIPART_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT" | "CHR_GRANT_UNSUPPORTED" | "CHR_AUDIENCE_UNKNOWN" | "CHR_SCOPE_UNKNOWN" | "CHR_SUBJECT_TOKEN_INVALID" | "CHR_TOKEN_TYPE_UNSUPPORTED" | "CHR_CLIENT_INVALID" | "CHR_UNAUTHENTICATED" | "CHR_OTP_INVALID" | "CHR_REAUTHENTICATE" | "CHR_ORIGIN_REFUSED" | "CHR_LINK_EXPIRED" | "CHR_SIGNATURE_INVALID" | "CHR_QUOTA_EXCEEDED" | "CHR_NOT_FOUND" | "CHR_METHOD_NOT_ALLOWED" | "CHR_OTP_USED" | "CHR_PHONE_TAKEN" | "CHR_VERSION_CONFLICT" | "CHR_IDEMPOTENCY_CONFLICT" | "CHR_PRECONDITION_FAILED" | "CHR_TOO_LARGE" | "CHR_MEDIA_TYPE" | "CHR_IMAGE_TYPE" | "CHR_RANGE_NOT_SATISFIABLE" | "CHR_IMAGE_BROKEN" | "CHR_IMAGE_TOO_LARGE" | "CHR_PHONE_NOT_ALLOWED" | "CHR_CHANNEL_NOT_ALLOWED" | "CHR_NAME_REQUIRED" | "CHR_RATE_LIMITED" | "CHR_OTP_LOCKED" | "CHR_HEADERS_TOO_LARGE" | "CHR_INTERNAL" | "CHR_UNAVAILABLE";
            /**
             * @description Also in the log of the service
             * @example Ju3x-1a
             */
            request_id: string;
        };
        /** Code sent */
        CodeSent: {
            /** @enum {boolean} */
            success: true;
            /** @example OTP sent successfully */
            message: string;
            /**
             * @description Seconds until the code expires
             * @example 300
             */
            expires_in: number;
            /**
             * @description Seconds until another SMS may be requested
             * @example 30
             */
            resend_in: number;
            /**
             * @description Id of the SMS: `GET /deliveries/{id}` returns its state
             * @example x5Zk0yB3mQhW2vTn8sLdRg
             */
            delivery_id: string;
        };
        /** Session ended */
        SessionEnded: {
            /** @enum {boolean} */
            success: true;
            message: string;
        };
        /** Account */
        Account: {
            id: number;
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            name: string;
            /** @description E.164 */
            phone_number: string;
            /** @description Increases with each change */
            version: number;
            /** @description Time zone that decides which day "today" is; the default of the service when null */
            time_zone: string | null;
            /** @description Language of the SMS of the last login */
            language: string | null;
            /** @description Created by the fixed code of a test number */
            is_test: boolean;
        };
        /** Own account */
        OwnAccount: {
            data: components["schemas"]["Account"];
        };
        /**
         * Account conflict
         * @description The account has changed; `current` is its current state
         */
        AccountConflict: {
            /** @description A sentence for people */
            error: string;
            /**
             * @description Programs switch on it; later versions may add codes
             * @example CHR_VALIDATION
             * @enum {string}
             */
            code: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_DATE_PAST" | "CHR_TIME_ZONE_UNKNOWN" | "CHR_MULTIPART_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT" | "CHR_GRANT_UNSUPPORTED" | "CHR_AUDIENCE_UNKNOWN" | "CHR_SCOPE_UNKNOWN" | "CHR_SUBJECT_TOKEN_INVALID" | "CHR_TOKEN_TYPE_UNSUPPORTED" | "CHR_CLIENT_INVALID" | "CHR_UNAUTHENTICATED" | "CHR_OTP_INVALID" | "CHR_REAUTHENTICATE" | "CHR_ORIGIN_REFUSED" | "CHR_LINK_EXPIRED" | "CHR_SIGNATURE_INVALID" | "CHR_QUOTA_EXCEEDED" | "CHR_NOT_FOUND" | "CHR_METHOD_NOT_ALLOWED" | "CHR_OTP_USED" | "CHR_PHONE_TAKEN" | "CHR_VERSION_CONFLICT" | "CHR_IDEMPOTENCY_CONFLICT" | "CHR_PRECONDITION_FAILED" | "CHR_TOO_LARGE" | "CHR_MEDIA_TYPE" | "CHR_IMAGE_TYPE" | "CHR_RANGE_NOT_SATISFIABLE" | "CHR_IMAGE_BROKEN" | "CHR_IMAGE_TOO_LARGE" | "CHR_PHONE_NOT_ALLOWED" | "CHR_CHANNEL_NOT_ALLOWED" | "CHR_NAME_REQUIRED" | "CHR_RATE_LIMITED" | "CHR_OTP_LOCKED" | "CHR_HEADERS_TOO_LARGE" | "CHR_INTERNAL" | "CHR_UNAVAILABLE";
            /**
             * @description Also in the log of the service
             * @example Ju3x-1a
             */
            request_id: string;
            /** @description Fields, headers or dependencies with a problem */
            details?: {
                path: string;
                message: string;
            }[];
            /**
             * @description Seconds until a repeat can succeed, as in `Retry-After`; with 429 and 503
             * @example 57
             */
            retry_after?: number;
            /**
             * @description Name of the limit that is exceeded; with 429 `CHR_RATE_LIMITED`
             * @example sends_per_phone_hour
             */
            limit?: string;
            current: components["schemas"]["Account"];
        };
        /** Done */
        Done: {
            /** @enum {boolean} */
            success: true;
            message: string;
        };
        /** Calendar feed state */
        CalendarFeedState: {
            /** @description null without a feed */
            calendar_feed: {
                /**
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                created_at: string;
            } | null;
        };
        /** Calendar feed address */
        CalendarFeedAddress: {
            /** @description Secret: anyone who has this URL can read the calendar until it is revoked. It is shown only once */
            url: string;
        };
        /** Export */
        Export: {
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            exported_at: string;
            user: components["schemas"]["Account"];
            sessions: {
                id: number;
                /**
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                created_at: string;
                /**
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                last_used_at: string;
                /**
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                expires_at: string;
                user_agent: string | null;
                /** @description Masked; the full address is not stored */
                address: string | null;
            }[];
            /** @description Trusted devices: clients that signed in. Only a hash of the token of each is stored. */
            devices: {
                /**
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                created_at: string;
                /**
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                expires_at: string;
            }[];
            pending_phone_change: {
                phone_number: string;
                /**
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                requested_at: string;
            } | null;
            creatives: components["schemas"]["Creative"][];
        };
        /** The token is good */
        TheTokenIsGood: {
            /** @enum {string} */
            data: "Protected";
        };
        /** Scheduled creatives */
        ScheduledCreatives: {
            scheduled_creatives: {
                today: components["schemas"]["Creative"][];
                tomorrow: components["schemas"]["Creative"][];
            };
            dates: {
                /**
                 * @description YYYY-MM-DD; all pages of one cursor have the same date, even past midnight
                 * @example 2026-11-21
                 */
                today: string;
                /** @example 2026-11-22 */
                tomorrow: string;
                /**
                 * @description The time zone of these dates: `tz`, else the user's, else the default of the service
                 * @example Asia/Kolkata
                 */
                time_zone: string;
            };
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** Session */
        Session: {
            /** @description Id of the session; it reveals nothing about the token */
            id: number;
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /**
             * @description RFC 3339, UTC; accurate to a minute
             * @example 2026-11-21T09:30:00.000Z
             */
            last_used_at: string;
            /**
             * @description RFC 3339, UTC; each use extends it
             * @example 2026-11-23T09:30:00.000Z
             */
            expires_at: string;
            /**
             * @description User-Agent of the sign-in, as the client sent it
             * @example curl/8.5.0
             */
            user_agent: string | null;
            /**
             * @description Address of the sign-in, masked
             * @example 203.0.113.x
             * @example 2001:db8:1::x
             */
            address: string | null;
            /** @description True for the session making this request */
            current: boolean;
        };
        /** Sessions */
        Sessions: {
            sessions: components["schemas"]["Session"][];
        };
        /** Sessions ended */
        SessionsEnded: {
            /** @enum {boolean} */
            success: true;
            message: string;
            /** @description Number of sessions that ended */
            ended: number;
        };
        /** User */
        User: {
            id: number;
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            name: string;
            /** @description E.164 */
            phone_number: string;
            /** @description Increases with each change */
            version: number;
        };
        /** Signed in */
        SignedIn: {
            /** @enum {boolean} */
            success: true;
            data: components["schemas"]["User"];
            /** @example User registered successfully */
            message: string;
            /** @description 26 characters of base32, for `Authorization: Bearer`; absent with a cookie */
            token?: string;
            /**
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            token_expires_at: string;
            /** @description Identifies this client for 90 days: store it and send it with the next `/login` and `/verify` */
            device_token: string;
        };
        /** Access token */
        AccessToken: {
            /** @description JWT (RFC 9068) */
            access_token: string;
            /** @enum {string} */
            issued_token_type: "urn:ietf:params:oauth:token-type:access_token";
            /** @enum {string} */
            token_type: "Bearer";
            /**
             * @description Seconds
             * @example 300
             */
            expires_in: number;
        };
        /** Json web key */
        JsonWebKey: {
            kty: string;
            crv: string;
            x: string;
            y?: string;
            kid: string;
            /** @enum {string} */
            use: "sig";
            /** @enum {string} */
            alg: "ES256" | "EdDSA";
        };
        /** Key set */
        KeySet: {
            keys: components["schemas"]["JsonWebKey"][];
        };
        /** Authorization server metadata */
        AuthorizationServerMetadata: {
            /** Format: uri */
            issuer: string;
            /** Format: uri */
            token_endpoint: string;
            /** Format: uri */
            jwks_uri: string;
            /** Format: uri */
            introspection_endpoint: string;
            /** Format: uri */
            revocation_endpoint: string;
            /** @description Empty: there is no authorization endpoint */
            response_types_supported: string[];
            grant_types_supported: string[];
            token_endpoint_auth_methods_supported: string[];
            introspection_endpoint_auth_methods_supported: string[];
            revocation_endpoint_auth_methods_supported: string[];
            /** Format: uri */
            service_documentation: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    calendar: {
        parameters: {
            query?: {
                /** @description Key in the URL of the feed */
                key?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description iCalendar (RFC 5545) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": string;
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    listCreatives: {
        parameters: {
            query?: {
                /** @description First date, YYYY-MM-DD, inclusive */
                from?: string;
                /** @description Last date, YYYY-MM-DD, inclusive; not before `from` */
                to?: string;
                /** @description Whether creatives without a date are listed. Default: `exclude` with `from` or `to`, else `include` */
                drafts?: "include" | "exclude" | "only";
                /** @description Most creatives of a page */
                limit?: number;
                /** @description `next_cursor` of the previous page; repeat the other parameters of that page unchanged */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Own creatives */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnCreatives"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getCreative: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One creative */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCreative"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteCreative: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    changeCreative: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that you have seen */
                "if-match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Diwali",
                 *       "alt_text": "A row of oil lamps",
                 *       "version": 1
                 *     }
                 */
                "application/json": {
                    scheduled_at?: string | null;
                    /**
                     * @description IANA time zone that decides which date is today
                     * @example UTC
                     */
                    tz?: string;
                    title?: string | null;
                    alt_text?: string | null;
                    /** @description The version that you have seen; required without If-Match */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description One creative */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCreative"];
                };
            };
            /** @description The creative has changed; `current` is its current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreativeConflict"];
                };
            };
            /** @description The creative has changed; `current` is its current state */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreativeConflict"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    restoreCreative: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One creative */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCreative"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getImage: {
        parameters: {
            query?: {
                /** @description `preview` and `thumbnail` are WebP */
                variant?: "original" | "preview" | "thumbnail";
                /** @description Unix seconds */
                expires?: number;
                /** @description Signature of the URL */
                signature?: string;
            };
            header?: {
                /** @description 304 if you have this ETag */
                "if-none-match"?: string;
                /** @description One range of bytes, such as bytes=0-1023; several ranges return the whole image */
                range?: string;
                /** @description Returns the range only if this is the current ETag, else the whole image */
                "if-range"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                    "image/gif": string;
                    "image/webp": string;
                    "image/avif": string;
                };
            };
            /** @description The requested range */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                    "image/gif": string;
                    "image/webp": string;
                    "image/avif": string;
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    replaceImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that you have seen, as an entity tag such as "1" */
                "if-match"?: string;
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description JPEG, PNG, GIF, WebP or AVIF, at most 10 MiB
                     */
                    file: string;
                    /** @description The version that you have seen */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description Upload taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadTaken"];
                };
            };
            /** @description The creative has changed; `current` is its current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreativeConflict"];
                };
            };
            /** @description The creative has changed; `current` is its current state */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreativeConflict"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `delivery_id` of the reply that announced the SMS */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delivery */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    inbox: {
        parameters: {
            query?: {
                /**
                 * @description International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.
                 * @example +918123456789
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description HTML unless Accept names application/json */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                    "text/html": string;
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    inboxJson: {
        parameters: {
            query?: {
                /**
                 * @description International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.
                 * @example +918123456789
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Inbox */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inbox"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    forwardAuth: {
        parameters: {
            query?: {
                /**
                 * @description One of `JWT_AUDIENCES`; the first one counts
                 * @example https://orders.example.com
                 */
                audience?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Liveness */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Readiness */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    introspectToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @description The token of a session, or a JWT of the service */
                    token: string;
                    /** @description Ignored: the form of a token tells its type */
                    token_type_hint?: string;
                };
            };
        };
        responses: {
            /** @description Introspection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Introspection"];
                };
            };
            /** @description The request was refused or failed. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"];
                };
            };
            /** @description The request was refused or failed. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.
                     * @example +918123456789
                     */
                    phone_number: string;
                    /** @description From the last login of this client. Gives it its own small allowance of sends and attempts; it does not replace a code. */
                    device_token?: string;
                    /**
                     * Format: language-tag
                     * @description Language of the SMS as a BCP 47 tag. Without it, or without a text in that language, `Accept-Language` decides.
                     * @example pt-BR
                     */
                    locale?: string;
                    /**
                     * @description Channel of the code, `sms` by default. If WhatsApp does not deliver it, the code follows by SMS after `whatsapp`, and does not after `whatsapp_only`. 422 `CHR_CHANNEL_NOT_ALLOWED` if the service does not offer the channel.
                     * @enum {string}
                     */
                    channel?: "sms" | "whatsapp" | "whatsapp_only";
                    /**
                     * @description Hash of the Android app that reads the SMS, one of those that the operator has configured; 400 `CHR_VALIDATION` for another
                     * @example FA+9qCX9VSu
                     */
                    app_hash?: string;
                };
            };
        };
        responses: {
            /** @description Code sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeSent"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Session ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionEnded"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Own account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnAccount"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    changeMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Asha",
                 *       "time_zone": "Asia/Kolkata",
                 *       "version": 1
                 *     }
                 */
                "application/json": {
                    /**
                     * @description 1 to 100 visible characters after trimming. Control and direction marks are refused, and joiners outside words and emoji.
                     * @example Asha
                     */
                    name?: string;
                    time_zone?: string | null;
                    /** @description The version that you have seen; the change is refused if it is not the current one */
                    version: number;
                };
            };
        };
        responses: {
            /** @description Own account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnAccount"];
                };
            };
            /** @description The account has changed; `current` is its current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountConflict"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    calendarFeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Calendar feed state */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarFeedState"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    createCalendarFeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Calendar feed address */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarFeedAddress"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    revokeCalendarFeed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    exportMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Export */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    changePhoneNumber: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.
                     * @example +918123456789
                     */
                    phone_number: string;
                    /**
                     * Format: language-tag
                     * @description Language of the SMS as a BCP 47 tag. Without it, or without a text in that language, `Accept-Language` decides.
                     * @example pt-BR
                     */
                    locale?: string;
                    /**
                     * @description Channel of the code, `sms` by default. If WhatsApp does not deliver it, the code follows by SMS after `whatsapp`, and does not after `whatsapp_only`. 422 `CHR_CHANNEL_NOT_ALLOWED` if the service does not offer the channel.
                     * @enum {string}
                     */
                    channel?: "sms" | "whatsapp" | "whatsapp_only";
                    /**
                     * @description Hash of the Android app that reads the SMS, one of those that the operator has configured; 400 `CHR_VALIDATION` for another
                     * @example FA+9qCX9VSu
                     */
                    app_hash?: string;
                };
            };
        };
        responses: {
            /** @description Code sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeSent"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    cancelPhoneNumber: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    verifyPhoneNumber: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The 4 to 10 digits of the SMS, in any script. Spaces, dashes, dots, slashes, brackets and invisible characters between and around them are ignored; any other character is refused.
                     * @example 123456
                     */
                    otp: string;
                    /** @description Moves the number although another account has it, as 409 `CHR_PHONE_TAKEN` says. That account loses its number, sessions and trusted devices, and is deleted after 30 days. */
                    take_over?: boolean;
                };
            };
        };
        responses: {
            /** @description Own account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnAccount"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text exposition format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    protected: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token is good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TheTokenIsGood"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @description The token of a session */
                    token: string;
                    /** @description Ignored: the form of a token tells its type */
                    token_type_hint?: string;
                };
            };
        };
        responses: {
            /** @description The token is not valid, or no longer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request was refused or failed. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"];
                };
            };
            /** @description The request was refused or failed. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"];
                };
            };
        };
    };
    listScheduled: {
        parameters: {
            query?: {
                /**
                 * @description IANA time zone that decides which date is today
                 * @example UTC
                 */
                tz?: string;
                /** @description Only your own creatives */
                owner?: "me";
                /** @description Most creatives of each day */
                limit?: number;
                /** @description `next_cursor` of the previous page; repeat the other parameters of that page unchanged */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Scheduled creatives */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledCreatives"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    endSessions: {
        parameters: {
            query?: {
                /** @description Also end the session making this request */
                all?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sessions ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsEnded"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Session ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionEnded"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    signup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Asha",
                 *       "phone_number": "+918123456789"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description 1 to 100 visible characters after trimming. Control and direction marks are refused, and joiners outside words and emoji.
                     * @example Asha
                     */
                    name?: string;
                    /**
                     * @description International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.
                     * @example +918123456789
                     */
                    phone_number: string;
                    /**
                     * @description The 4 to 10 digits of the SMS, in any script. Spaces, dashes, dots, slashes, brackets and invisible characters between and around them are ignored; any other character is refused.
                     * @example 123456
                     */
                    otp?: string;
                    /**
                     * @description Where the session lives: `token` in the reply, the default, or `cookie`, an HttpOnly cookie in place of `token`. A request for a cookie must come from a page of the service or of an exact origin in CORS_ORIGINS, or answers 403 `CHR_ORIGIN_REFUSED`
                     * @enum {string}
                     */
                    session?: "token" | "cookie";
                    /** @description From the last login of this client. Gives it its own small allowance of sends and attempts; it does not replace a code. */
                    device_token?: string;
                    /**
                     * Format: language-tag
                     * @description Language of the SMS as a BCP 47 tag. Without it, or without a text in that language, `Accept-Language` decides.
                     * @example pt-BR
                     */
                    locale?: string;
                    /**
                     * @description Channel of the code, `sms` by default. If WhatsApp does not deliver it, the code follows by SMS after `whatsapp`, and does not after `whatsapp_only`. 422 `CHR_CHANNEL_NOT_ALLOWED` if the service does not offer the channel.
                     * @enum {string}
                     */
                    channel?: "sms" | "whatsapp" | "whatsapp_only";
                    /**
                     * @description Hash of the Android app that reads the SMS, one of those that the operator has configured; 400 `CHR_VALIDATION` for another
                     * @example FA+9qCX9VSu
                     */
                    app_hash?: string;
                };
            };
        };
        responses: {
            /** @description Without `otp`: code sent; with it: signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeSent"] | components["schemas"]["SignedIn"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    exchangeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @example urn:ietf:params:oauth:grant-type:token-exchange */
                    grant_type: string;
                    /** @description The token of a session, as `POST /verify` returned it */
                    subject_token: string;
                    /** @example urn:ietf:params:oauth:token-type:access_token */
                    subject_token_type: string;
                    /**
                     * @description One of `JWT_AUDIENCES`, or the issuer for the routes of this service
                     * @example https://orders.example.com
                     */
                    audience: string;
                    /** @example urn:ietf:params:oauth:token-type:access_token */
                    requested_token_type?: string;
                    /** @description Refused: services are named by `audience` */
                    resource?: string;
                    /** @description Refused: the service has no scopes */
                    scope?: string;
                    /** @description Refused: the service has no delegation */
                    actor_token?: string;
                };
            };
        };
        responses: {
            /** @description Access token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description The request was refused or failed. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"];
                };
            };
            /** @description The request was refused or failed. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"];
                };
            };
        };
    };
    uploadCreative: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 255 visible ASCII characters, valid for 24 hours */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description JPEG, PNG, GIF, WebP or AVIF, at most 10 MiB
                     */
                    file: string;
                    /**
                     * Format: date
                     * @description YYYY-MM-DD, today or later; without it, the creative is a draft
                     */
                    scheduled_at?: string;
                    /**
                     * @description IANA time zone that decides which date is today
                     * @example UTC
                     */
                    tz?: string;
                    /**
                     * @description Title; at most 100 characters
                     * @example Diwali
                     */
                    title?: string;
                    /**
                     * @description Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters
                     * @example A row of oil lamps
                     */
                    alt_text?: string;
                };
            };
        };
        responses: {
            /** @description Upload taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadTaken"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "phone_number": "+918123456789",
                 *       "otp": "123456"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.
                     * @example +918123456789
                     */
                    phone_number: string;
                    /**
                     * @description The 4 to 10 digits of the SMS, in any script. Spaces, dashes, dots, slashes, brackets and invisible characters between and around them are ignored; any other character is refused.
                     * @example 123456
                     */
                    otp: string;
                    /**
                     * @description 1 to 100 visible characters after trimming. Control and direction marks are refused, and joiners outside words and emoji.
                     * @example Asha
                     */
                    name?: string;
                    /**
                     * @description Where the session lives: `token` in the reply, the default, or `cookie`, an HttpOnly cookie in place of `token`. A request for a cookie must come from a page of the service or of an exact origin in CORS_ORIGINS, or answers 403 `CHR_ORIGIN_REFUSED`
                     * @enum {string}
                     */
                    session?: "token" | "cookie";
                    /** @description From the last login of this client. Gives it its own small allowance of sends and attempts; it does not replace a code. */
                    device_token?: string;
                };
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    twilioStatus: {
        parameters: {
            query?: {
                /** @description `delivery_id` of the reply that announced the SMS */
                delivery?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    MessageSid: string;
                    /** @example delivered */
                    MessageStatus: string;
                    /** @example 30003 */
                    ErrorCode?: string;
                };
            };
        };
        responses: {
            /** @description Recorded */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getKeySet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Key set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeySet"];
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    getServerMetadata: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Authorization server metadata */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthorizationServerMetadata"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
            /** @description The request was refused (4xx) or failed (5xx); `code` says why. 429 and 503 have `Retry-After`, in seconds. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
}
