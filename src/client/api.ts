// `npm run openapi` writes this file from the OpenAPI document.

export interface paths {
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
        post: operations["signUp"];
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
        post: operations["logIn"];
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
        post: operations["verifyCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
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
        get: operations["readCalendar"];
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
        get: operations["getCreativeImage"];
        /**
         * Replace the image of a creative
         * @description With `If-Match` or the field `version`, only the version that you have seen is replaced; otherwise 412 `CHR_PRECONDITION_FAILED` or 409 `CHR_VERSION_CONFLICT` returns the current state.
         */
        put: operations["replaceCreativeImage"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/creatives/deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the creatives that you can restore
         * @description Those that you deleted within the last 10 minutes, the newest creative first.
         */
        get: operations["listDeletedCreatives"];
        put?: never;
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
        get: operations["getDelivery"];
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
        /**
         * The SMS inbox as an HTML page or JSON
         * @description The messages that the carrier emulator accepted. The page refreshes itself.
         */
        get: operations["showInbox"];
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
        /**
         * The SMS inbox as JSON, newest first
         * @description The messages that the carrier emulator accepted, for tests and scripts.
         */
        get: operations["listInboxMessages"];
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
        /**
         * Whether the process runs
         * @description Answers while the process can answer at all, whatever the state of its dependencies.
         */
        get: operations["getLiveness"];
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
        get: operations["getReadiness"];
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
        post: operations["logOut"];
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
        /**
         * Get the account of the signed-in user
         * @description Send its `version` to change it. `session` has the current end of the session of the request.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        /**
         * Delete the account
         * @description Deletes all its data: sessions, creatives and their images, live codes. Requires a login within the last 10 minutes, or answers 403 `CHR_REAUTHENTICATE`.
         */
        delete: operations["deleteAccount"];
        options?: never;
        head?: never;
        /**
         * Change name or time zone
         * @description Send the `version` that you have seen. If it is not the current one, nothing changes, and 409 `CHR_VERSION_CONFLICT` contains the current state.
         */
        patch: operations["changeAccount"];
        trace?: never;
    };
    "/me/calendar-feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether there is a calendar feed, and since when
         * @description The address itself is shown only when it is made.
         */
        get: operations["getCalendarFeed"];
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
        /**
         * Export all data stored about you
         * @description One JSON document with the account, sessions, devices and creatives.
         */
        get: operations["exportAccount"];
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
        post: operations["requestPhoneNumberChange"];
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
        delete: operations["cancelPhoneNumberChange"];
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
        post: operations["verifyPhoneNumberChange"];
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
        /**
         * Metrics for Prometheus
         * @description Of this process only. docs/operations.md explains each metric.
         */
        get: operations["getMetrics"];
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
        /**
         * Check whether a token is valid
         * @description Answers 401 without a valid session. It counts as a use of the session.
         */
        get: operations["checkToken"];
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
         * List the creatives of today and tomorrow, or of a range of dates
         * @description Dates are those of the time zone `tz`, else the user's, else the default of the service; `dates` returns them. Newest first; `limit` and `cursor` page through both days together. With `from` and `to` it lists up to 92 days instead: by date, newest first within each. Everyone signed in sees the creatives of all users, or with `SCHEDULE_VISIBILITY=private` their own.
         */
        get: operations["listScheduledCreatives"];
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
        post: operations["receiveTwilioStatus"];
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
            /**
             * @description A sentence for people
             * @example The request does not have the expected shape.
             */
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
                /** @example phone_number */
                path: string;
                /** @example field "phone_number" is required */
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
            /**
             * @description Id of the creative
             * @example 7
             */
            id: number;
            /**
             * Format: uri
             * @description Signed URL of the image; it expires within two hours
             * @example https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            creative_url: string;
            /**
             * @description YYYY-MM-DD; null for a draft
             * @example 2026-11-21
             */
            scheduled_at: string | null;
            /**
             * @description Title; at most 100 characters
             * @example Diwali
             */
            title: string | null;
            /**
             * @description Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters
             * @example A row of oil lamps
             */
            alt_text: string | null;
            /**
             * @description Incremented by each change
             * @example 1
             */
            version: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            updated_at: string;
            /**
             * @description One of `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `image/avif`
             * @example image/png
             */
            content_type: string;
            /**
             * @description Size of the stored image
             * @example 48213
             */
            byte_count: number;
            /**
             * @description Displayed width in pixels
             * @example 1200
             */
            width: number;
            /**
             * @description Displayed height in pixels
             * @example 800
             */
            height: number;
            /**
             * @description Above 1 for an animation
             * @example 1
             */
            frame_count: number;
            /**
             * @description Placeholder to show while the image loads
             * @example #3366cc
             */
            dominant_color: string;
            /**
             * @description Placeholder to show while the image loads: a ThumbHash in base64
             * @example 1QcSHQRnh493V4dIh4eXh1h4kJUI
             */
            thumb_hash: string;
            /**
             * @description Kinds of metadata that were removed from the upload
             * @example [
             *       "exif",
             *       "gps"
             *     ]
             */
            removed: string[];
            /**
             * Format: uri
             * @description Signed URL of a WebP image with sides of at most 1280 pixels
             * @example https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            preview_url: string;
            /**
             * Format: uri
             * @description Signed URL of a WebP image with sides of at most 320 pixels
             * @example https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            thumbnail_url: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; when the three signed URLs end: 403 `CHR_LINK_EXPIRED` from then on. Get the creative again for new ones
             * @example 2026-11-21T11:00:00.000Z
             */
            urls_expire_at: string;
            /** @description Who uploaded it */
            owner: {
                /**
                 * @description Id of the user
                 * @example 42
                 */
                id: number;
                /**
                 * @description Their present name
                 * @example Asha
                 */
                name: string;
            };
            /**
             * @description Whether that is the reader of this answer
             * @example true
             */
            is_mine: boolean;
        };
        /** Own creatives */
        OwnCreatives: {
            creatives: components["schemas"]["Creative"][];
            /**
             * @description Cursor of the next page; null on the last page
             * @example null
             */
            next_cursor: string | null;
        };
        /** One creative */
        OneCreative: {
            creative: components["schemas"]["Creative"];
        };
        /** Creative patch */
        CreativePatch: {
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
        /**
         * Creative conflict
         * @description The creative has changed; `current` is its current state
         */
        CreativeConflict: {
            /**
             * @description A sentence for people
             * @example The request does not have the expected shape.
             */
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
                /** @example phone_number */
                path: string;
                /** @example field "phone_number" is required */
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
        /** Replacement form */
        ReplacementForm: {
            /**
             * Format: binary
             * @description JPEG, PNG, GIF, WebP or AVIF, at most 10 MiB
             */
            file: string;
            /**
             * @description The version that you have seen
             * @example 1
             */
            version?: number;
        };
        /** Uploaded creative */
        UploadedCreative: {
            /**
             * @description Id of the creative
             * @example 7
             */
            id: number;
            /**
             * Format: uri
             * @description Signed URL of the image; it expires within two hours
             * @example https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            creative_url: string;
            /**
             * @description YYYY-MM-DD; null for a draft
             * @example 2026-11-21
             */
            scheduled_at: string | null;
            /**
             * @description Title; at most 100 characters
             * @example Diwali
             */
            title: string | null;
            /**
             * @description Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters
             * @example A row of oil lamps
             */
            alt_text: string | null;
            /**
             * @description Incremented by each change
             * @example 1
             */
            version: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            updated_at: string;
            /**
             * @description One of `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `image/avif`
             * @example image/png
             */
            content_type: string;
            /**
             * @description Size of the stored image
             * @example 48213
             */
            byte_count: number;
            /**
             * @description Displayed width in pixels
             * @example 1200
             */
            width: number;
            /**
             * @description Displayed height in pixels
             * @example 800
             */
            height: number;
            /**
             * @description Above 1 for an animation
             * @example 1
             */
            frame_count: number;
            /**
             * @description Placeholder to show while the image loads
             * @example #3366cc
             */
            dominant_color: string;
            /**
             * @description Placeholder to show while the image loads: a ThumbHash in base64
             * @example 1QcSHQRnh493V4dIh4eXh1h4kJUI
             */
            thumb_hash: string;
            /**
             * @description Kinds of metadata that were removed from the upload
             * @example [
             *       "exif",
             *       "gps"
             *     ]
             */
            removed: string[];
            /**
             * Format: uri
             * @description Signed URL of a WebP image with sides of at most 1280 pixels
             * @example https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            preview_url: string;
            /**
             * Format: uri
             * @description Signed URL of a WebP image with sides of at most 320 pixels
             * @example https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            thumbnail_url: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; when the three signed URLs end: 403 `CHR_LINK_EXPIRED` from then on. Get the creative again for new ones
             * @example 2026-11-21T11:00:00.000Z
             */
            urls_expire_at: string;
            /** @description Who uploaded it */
            owner: {
                /**
                 * @description Id of the user
                 * @example 42
                 */
                id: number;
                /**
                 * @description Their present name
                 * @example Asha
                 */
                name: string;
            };
            /**
             * @description Whether that is the reader of this answer
             * @example true
             */
            is_mine: boolean;
            /**
             * @description Your oldest other creative that was uploaded from the same file
             * @example null
             */
            duplicate_of: number | null;
        };
        /** Upload taken */
        UploadTaken: {
            creative: components["schemas"]["UploadedCreative"];
        };
        /** Deleted creative */
        DeletedCreative: {
            /**
             * @description Id of the creative
             * @example 7
             */
            id: number;
            /**
             * Format: uri
             * @description Signed URL of the image; it expires within two hours
             * @example https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            creative_url: string;
            /**
             * @description YYYY-MM-DD; null for a draft
             * @example 2026-11-21
             */
            scheduled_at: string | null;
            /**
             * @description Title; at most 100 characters
             * @example Diwali
             */
            title: string | null;
            /**
             * @description Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters
             * @example A row of oil lamps
             */
            alt_text: string | null;
            /**
             * @description Incremented by each change
             * @example 1
             */
            version: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            updated_at: string;
            /**
             * @description One of `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `image/avif`
             * @example image/png
             */
            content_type: string;
            /**
             * @description Size of the stored image
             * @example 48213
             */
            byte_count: number;
            /**
             * @description Displayed width in pixels
             * @example 1200
             */
            width: number;
            /**
             * @description Displayed height in pixels
             * @example 800
             */
            height: number;
            /**
             * @description Above 1 for an animation
             * @example 1
             */
            frame_count: number;
            /**
             * @description Placeholder to show while the image loads
             * @example #3366cc
             */
            dominant_color: string;
            /**
             * @description Placeholder to show while the image loads: a ThumbHash in base64
             * @example 1QcSHQRnh493V4dIh4eXh1h4kJUI
             */
            thumb_hash: string;
            /**
             * @description Kinds of metadata that were removed from the upload
             * @example [
             *       "exif",
             *       "gps"
             *     ]
             */
            removed: string[];
            /**
             * Format: uri
             * @description Signed URL of a WebP image with sides of at most 1280 pixels
             * @example https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            preview_url: string;
            /**
             * Format: uri
             * @description Signed URL of a WebP image with sides of at most 320 pixels
             * @example https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
             */
            thumbnail_url: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; when the three signed URLs end: 403 `CHR_LINK_EXPIRED` from then on. Get the creative again for new ones
             * @example 2026-11-21T11:00:00.000Z
             */
            urls_expire_at: string;
            /** @description Who uploaded it */
            owner: {
                /**
                 * @description Id of the user
                 * @example 42
                 */
                id: number;
                /**
                 * @description Their present name
                 * @example Asha
                 */
                name: string;
            };
            /**
             * @description Whether that is the reader of this answer
             * @example true
             */
            is_mine: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            deleted_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; `POST /creatives/{id}/restore` works until then
             * @example 2026-11-21T09:40:00.000Z
             */
            restorable_until: string;
        };
        /** Deleted creatives */
        DeletedCreatives: {
            creatives: components["schemas"]["DeletedCreative"][];
            /**
             * @description Cursor of the next page; null on the last page
             * @example null
             */
            next_cursor: string | null;
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
             * @example null
             * @enum {string|null}
             */
            reason: "number_invalid" | "number_unreachable" | "opted_out" | "blocked" | "whatsapp_failed" | "country_not_served" | "expired" | "not_sent" | null;
            /**
             * @description A sentence for the user who waits
             * @example The message is on its way.
             */
            message: string;
            /**
             * @description Seconds until another SMS may be requested, as far as this SMS decides: 0 after it failed. Limits and later requests for the number may make it longer; `resend_in` of the reply that announced the SMS includes them.
             * @example 30
             */
            resend_in: number;
        };
        /** Inbox */
        Inbox: {
            messages: {
                /** @example SM554a0ef6533e02ae2bc8341a743e05e3 */
                sid: string;
                /** @example +918123456789 */
                to: string;
                /** @example +15005550006 */
                from: string;
                /** @example Cheershare: your code is 123456. It ends in 5 minutes. Never share it. */
                body: string;
                /**
                 * @description A message status of Twilio
                 * @example delivered
                 */
                status: string;
                /**
                 * Format: date-time
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
            /** @enum {string} */
            status: "ready" | "degraded";
            /**
             * @example {
             *       "postgres": "up",
             *       "redis": "up",
             *       "storage": "up"
             *     }
             */
            dependencies: {
                [key: string]: "up" | "degraded";
            };
        };
        /** Token to check */
        TokenToCheck: {
            /** @description The token of a session, or a JWT of the service */
            token: string;
            /** @description Ignored: the form of a token tells its type */
            token_type_hint?: string;
        };
        /** Introspection */
        Introspection: {
            /**
             * @description False for an unknown or ended token, and for a JWT whose audience is that of another server
             * @example true
             */
            active: boolean;
            /**
             * @description PUBLIC_URL
             * @example https://login.example.com
             */
            iss?: string;
            /**
             * @description Id of the user
             * @example 42
             */
            sub?: string;
            /**
             * @description Audience of a JWT; PUBLIC_URL for the token of a session
             * @example https://login.example.com
             */
            aud?: string;
            /**
             * @description End of the token. The use of the token of a session moves it
             * @example 1798740000
             */
            exp?: number;
            /** @example 1796148000 */
            iat?: number;
            /** @description Only for a JWT */
            jti?: string;
            /**
             * @description Id of the session
             * @example 17
             */
            sid?: string;
            /**
             * @description Time of the login
             * @example 1796148000
             */
            auth_time?: number;
            /**
             * @example [
             *       "sms"
             *     ]
             */
            amr?: string[];
            /** @example cheershare */
            client_id?: string;
            /** @enum {string} */
            token_type?: "Bearer";
            /**
             * @description True for an account of a test number
             * @example false
             */
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
            /**
             * @description A sentence for developers
             * @example The request does not have the expected shape.
             */
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
        /** Log in request */
        LogInRequest: {
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
            /** @example Session ended */
            message: string;
        };
        /** Account */
        Account: {
            /**
             * @description Id of the user
             * @example 42
             */
            id: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /** @example Asha */
            name: string;
            /**
             * @description E.164
             * @example +918123456789
             */
            phone_number: string;
            /**
             * @description Increases with each change
             * @example 1
             */
            version: number;
            /** @description Time zone that decides which day "today" is; the default of the service when null */
            time_zone: string | null;
            /**
             * @description Language of the SMS of the last login
             * @example en
             */
            language: string | null;
            /**
             * @description Created by the fixed code of a test number
             * @example false
             */
            is_test: boolean;
        };
        /** Own session */
        OwnSession: {
            /**
             * @description Id of the session
             * @example 42
             */
            id: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; at least until then the session is valid without use, and each use extends it
             * @example 2026-12-21T09:30:00.000Z
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; no use extends the session beyond it
             * @example 2027-02-19T09:30:00.000Z
             */
            ends_at: string;
        };
        /** Own account and session */
        OwnAccountAndSession: {
            data: components["schemas"]["Account"];
            session: components["schemas"]["OwnSession"];
        };
        /** Account patch */
        AccountPatch: {
            /**
             * @description 1 to 100 visible characters after trimming. Control and direction marks are refused, and joiners outside words and emoji.
             * @example Asha
             */
            name?: string;
            time_zone?: string | null;
            /** @description The version that you have seen; the change is refused if it is not the current one */
            version: number;
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
            /**
             * @description A sentence for people
             * @example The request does not have the expected shape.
             */
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
                /** @example phone_number */
                path: string;
                /** @example field "phone_number" is required */
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
            /** @example Account deleted */
            message: string;
        };
        /** Calendar feed state */
        CalendarFeedState: {
            /** @description null without a feed */
            calendar_feed: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                created_at: string;
            } | null;
        };
        /** Calendar feed address */
        CalendarFeedAddress: {
            /**
             * Format: uri
             * @description Secret: anyone who has this URL can read the calendar until it is revoked. It is shown only once
             * @example https://login.example.com/calendar.ics?key=MFRGGZDFMZTWQ2LKNNWG23TPOA
             */
            url: string;
        };
        /** Export */
        Export: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            exported_at: string;
            user: components["schemas"]["Account"];
            sessions: {
                /**
                 * @description Id of the session
                 * @example 17
                 */
                id: number;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                last_used_at: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                expires_at: string;
                user_agent: string | null;
                /**
                 * @description Masked; the full address is not stored
                 * @example 203.0.113.x
                 */
                address: string | null;
            }[];
            /** @description Trusted devices: clients that signed in. Only a hash of the token of each is stored. */
            devices: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                expires_at: string;
            }[];
            pending_phone_change: {
                /** @example +918123456780 */
                phone_number: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC
                 * @example 2026-11-21T09:30:00.000Z
                 */
                requested_at: string;
            } | null;
            creatives: components["schemas"]["Creative"][];
        };
        /** Phone number change */
        PhoneNumberChange: {
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
        /** Phone number verification */
        PhoneNumberVerification: {
            /**
             * @description The 4 to 10 digits of the SMS, in any script. Spaces, dashes, dots, slashes, brackets and invisible characters between and around them are ignored; any other character is refused.
             * @example 123456
             */
            otp: string;
            /** @description Moves the number although another account has it, as 409 `CHR_PHONE_TAKEN` says. That account loses its number, sessions and trusted devices, and is deleted after 30 days. */
            take_over?: boolean;
        };
        /** The token is good */
        TheTokenIsGood: {
            /** @enum {string} */
            data: "Protected";
        };
        /** Token to revoke */
        TokenToRevoke: {
            /** @description The token of a session */
            token: string;
            /** @description Ignored: the form of a token tells its type */
            token_type_hint?: string;
        };
        /** Scheduled creatives */
        ScheduledCreatives: {
            scheduled_creatives: {
                today: components["schemas"]["Creative"][];
                tomorrow: components["schemas"]["Creative"][];
            };
            dates: {
                /**
                 * Format: date
                 * @description YYYY-MM-DD; all pages of one cursor have the same date, even past midnight
                 * @example 2026-11-21
                 */
                today: string;
                /**
                 * Format: date
                 * @description YYYY-MM-DD; the day after `today`
                 * @example 2026-11-22
                 */
                tomorrow: string;
                /**
                 * @description The time zone of these dates: `tz`, else the user's, else the default of the service
                 * @example Asia/Kolkata
                 */
                time_zone: string;
            };
            /**
             * @description Cursor of the next page; null on the last page
             * @example null
             */
            next_cursor: string | null;
        };
        /** Scheduled range */
        ScheduledRange: {
            creatives: components["schemas"]["Creative"][];
            /**
             * @description Cursor of the next page; null on the last page
             * @example null
             */
            next_cursor: string | null;
        };
        /** Session */
        Session: {
            /**
             * @description Id of the session; it reveals nothing about the token
             * @example 17
             */
            id: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; accurate to a minute
             * @example 2026-11-21T09:30:00.000Z
             */
            last_used_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; each use extends it
             * @example 2026-12-21T09:30:00.000Z
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
            /**
             * @description True for the session making this request
             * @example true
             */
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
            /** @example All other sessions ended */
            message: string;
            /**
             * @description Number of sessions that ended
             * @example 2
             */
            ended: number;
        };
        /** Sign up request */
        SignUpRequest: {
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
        /** User */
        User: {
            /**
             * @description Id of the user
             * @example 42
             */
            id: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC
             * @example 2026-11-21T09:30:00.000Z
             */
            created_at: string;
            /** @example Asha */
            name: string;
            /**
             * @description E.164
             * @example +918123456789
             */
            phone_number: string;
            /**
             * @description Increases with each change
             * @example 1
             */
            version: number;
        };
        /** Signed in */
        SignedIn: {
            /** @enum {boolean} */
            success: true;
            data: components["schemas"]["User"];
            /** @example User registered successfully */
            message: string;
            /**
             * @description 26 characters of base32, for `Authorization: Bearer`; absent with a cookie
             * @example MFRGGZDFMZTWQ2LKNNWG23TPOA
             */
            token?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; the end of the session, which each use extends
             * @example 2026-12-21T09:30:00.000Z
             */
            token_expires_at: string;
            /**
             * @description Identifies this client for 90 days: store it and send it with the next `/login` and `/verify`
             * @example ONSWG4TFOQQHI33LMVXA2ZDFMV
             */
            device_token: string;
        };
        /** Token exchange */
        TokenExchange: {
            /** @example urn:ietf:params:oauth:grant-type:token-exchange */
            grant_type: string;
            /**
             * @description The token of a session, as `POST /verify` returned it
             * @example MFRGGZDFMZTWQ2LKNNWG23TPOA
             */
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
        /** Access token */
        AccessToken: {
            /**
             * @description JWT (RFC 9068)
             * @example eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Im9uZSJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl
             */
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
        /** Upload form */
        UploadForm: {
            /**
             * Format: binary
             * @description JPEG, PNG, GIF, WebP or AVIF, at most 10 MiB
             */
            file: string;
            /**
             * Format: date
             * @description YYYY-MM-DD, today or later; without it, the creative is a draft
             * @example 2099-11-21
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
        /** Verify code request */
        VerifyCodeRequest: {
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
        /** Twilio status */
        TwilioStatus: {
            /** @example SM554a0ef6533e02ae2bc8341a743e05e3 */
            MessageSid: string;
            /** @example delivered */
            MessageStatus: string;
            /** @example 30003 */
            ErrorCode?: string;
        };
        /** Json web key */
        JsonWebKey: {
            /** @example EC */
            kty: string;
            /** @example P-256 */
            crv: string;
            /** @example f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU */
            x: string;
            /** @example x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0 */
            y?: string;
            /** @example 2w6HdvJ9 */
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
            /**
             * Format: uri
             * @example https://login.example.com
             */
            issuer: string;
            /**
             * Format: uri
             * @example https://login.example.com/token
             */
            token_endpoint: string;
            /**
             * Format: uri
             * @example https://login.example.com/.well-known/jwks.json
             */
            jwks_uri: string;
            /**
             * Format: uri
             * @example https://login.example.com/introspect
             */
            introspection_endpoint: string;
            /**
             * Format: uri
             * @example https://login.example.com/revoke
             */
            revocation_endpoint: string;
            /**
             * @description Empty: there is no authorization endpoint
             * @example []
             */
            response_types_supported: string[];
            grant_types_supported: string[];
            token_endpoint_auth_methods_supported: string[];
            introspection_endpoint_auth_methods_supported: string[];
            revocation_endpoint_auth_methods_supported: string[];
            /**
             * Format: uri
             * @example https://login.example.com/docs
             */
            service_documentation: string;
        };
    };
    responses: {
        /**
         * @description `CHR_VALIDATION`: The request does not have the expected shape.
         *
         *     `CHR_BAD_REQUEST`: The request could not be understood.
         *
         *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
         */
        ValidationOrBadRequestOrRequestTimeout: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_VALIDATION" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                };
            };
        };
        /** @description `CHR_NOT_FOUND`: Not found. */
        NotFound: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_NOT_FOUND";
                };
            };
        };
        /** @description `CHR_HEADERS_TOO_LARGE`: The request headers are too large. */
        HeadersTooLarge: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_HEADERS_TOO_LARGE";
                };
            };
        };
        /** @description `CHR_INTERNAL`: The service failed to process the request. */
        Internal: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_INTERNAL";
                };
            };
        };
        /** @description `CHR_UNAVAILABLE`: The service is temporarily unavailable. Try again shortly. */
        Unavailable: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                /** @description Seconds until a repeat can succeed */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_UNAVAILABLE";
                };
            };
        };
        /** @description `CHR_UNAUTHENTICATED`: This needs a valid bearer token: Authorization: Bearer <token>. */
        Unauthenticated: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                /** @description The authentication that the request lacks */
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_UNAUTHENTICATED";
                };
            };
        };
        /** @description `CHR_ORIGIN_REFUSED`: With a cookie, this request must come from a page of the service or of an exact origin in CORS_ORIGINS. */
        OriginRefused: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_ORIGIN_REFUSED";
                };
            };
        };
        /** @description `CHR_VERSION_CONFLICT`: The resource has changed. Fetch the current version and retry. */
        VersionConflict: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CreativeConflict"] & {
                    /** @enum {string} */
                    code?: "CHR_VERSION_CONFLICT";
                };
            };
        };
        /** @description `CHR_PRECONDITION_FAILED`: The resource has changed, so If-Match does not match. Fetch the current version and retry. */
        PreconditionFailed: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CreativeConflict"] & {
                    /** @enum {string} */
                    code?: "CHR_PRECONDITION_FAILED";
                };
            };
        };
        /** @description `CHR_TOO_LARGE`: The request is too large. */
        TooLarge: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_TOO_LARGE";
                };
            };
        };
        /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
        MediaType: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                /** @description The content types that the address reads */
                "Accept-Patch"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_MEDIA_TYPE";
                };
            };
        };
        /**
         * @description `CHR_QUOTA_EXCEEDED`: The image would exceed your quota. Delete images that you no longer need.
         *
         *     `CHR_ORIGIN_REFUSED`: With a cookie, this request must come from a page of the service or of an exact origin in CORS_ORIGINS.
         */
        QuotaExceededOrOriginRefused: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_QUOTA_EXCEEDED" | "CHR_ORIGIN_REFUSED";
                };
            };
        };
        /**
         * @description `CHR_IMAGE_BROKEN`: The image is damaged or incomplete. Open it, save it anew as JPEG, PNG, GIF, WebP or AVIF, and send that.
         *
         *     `CHR_IMAGE_TOO_LARGE`: The image would take too much memory or time to decode. Send a smaller one.
         */
        ImageBrokenOrImageTooLarge: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_IMAGE_BROKEN" | "CHR_IMAGE_TOO_LARGE";
                };
            };
        };
        /** @description `CHR_RATE_LIMITED`: Too many requests. Try again later. */
        RateLimited: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                /** @description Seconds until a repeat can succeed */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_RATE_LIMITED";
                };
            };
        };
        /**
         * @description `CHR_BAD_REQUEST`: The request could not be understood.
         *
         *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
         */
        BadRequestOrRequestTimeout: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                };
            };
        };
        /** @description `CHR_TOO_LARGE`: The request is too large. */
        OAuthTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OAuthFailure"] & {
                    /** @enum {string} */
                    code?: "CHR_TOO_LARGE";
                };
            };
        };
        /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
        OAuthMediaType: {
            headers: {
                /** @description The content types that the address reads */
                "Accept-Post"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OAuthFailure"] & {
                    /** @enum {string} */
                    code?: "CHR_MEDIA_TYPE";
                };
            };
        };
        /** @description `CHR_HEADERS_TOO_LARGE`: The request headers are too large. */
        OAuthHeadersTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OAuthFailure"] & {
                    /** @enum {string} */
                    code?: "CHR_HEADERS_TOO_LARGE";
                };
            };
        };
        /** @description `CHR_INTERNAL`: The service failed to process the request. */
        OAuthInternal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OAuthFailure"] & {
                    /** @enum {string} */
                    code?: "CHR_INTERNAL";
                };
            };
        };
        /** @description `CHR_UNAVAILABLE`: The service is temporarily unavailable. Try again shortly. */
        OAuthUnavailable: {
            headers: {
                /** @description Seconds until a repeat can succeed */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OAuthFailure"] & {
                    /** @enum {string} */
                    code?: "CHR_UNAVAILABLE";
                };
            };
        };
        /**
         * @description `CHR_PHONE_NOT_ALLOWED`: No SMS can be sent to this number.
         *
         *     `CHR_CHANNEL_NOT_ALLOWED`: Codes are not sent through this channel. Use "sms", or omit the field.
         */
        PhoneNotAllowedOrChannelNotAllowed: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_PHONE_NOT_ALLOWED" | "CHR_CHANNEL_NOT_ALLOWED";
                };
            };
        };
        /**
         * @description `CHR_OTP_LOCKED`: Too many wrong codes. Wait before trying again.
         *
         *     `CHR_RATE_LIMITED`: Too many requests. Try again later.
         */
        OtpLockedOrRateLimited: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                /** @description Seconds until a repeat can succeed */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_OTP_LOCKED" | "CHR_RATE_LIMITED";
                };
            };
        };
        /**
         * @description `CHR_REAUTHENTICATE`: This needs a login within the last 10 minutes. Sign in again first.
         *
         *     `CHR_ORIGIN_REFUSED`: With a cookie, this request must come from a page of the service or of an exact origin in CORS_ORIGINS.
         */
        ReauthenticateOrOriginRefused: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_REAUTHENTICATE" | "CHR_ORIGIN_REFUSED";
                };
            };
        };
        /** @description `CHR_OTP_INVALID`: The code is wrong or no longer valid. */
        OtpInvalid: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                /** @description The authentication that the request lacks */
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_OTP_INVALID";
                };
            };
        };
        /** @description `CHR_OTP_USED`: This code was used a moment ago. If you are not signed in, request a new one. */
        OtpUsed: {
            headers: {
                /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                "Content-Language"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"] & {
                    /** @enum {string} */
                    code?: "CHR_OTP_USED";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    signUp: {
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
                "application/json": components["schemas"]["SignUpRequest"];
            };
        };
        responses: {
            /** @description Without `otp`: code sent; with it: signed in */
            200: {
                headers: {
                    /** @description Sets or ends the cookie of the session, where the session lives in one */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "OTP sent successfully",
                     *       "expires_in": 300,
                     *       "resend_in": 30,
                     *       "delivery_id": "x5Zk0yB3mQhW2vTn8sLdRg"
                     *     }
                     */
                    "application/json": components["schemas"]["CodeSent"] | components["schemas"]["SignedIn"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_PHONE_INVALID`: This is not a phone number. Send it in international form, such as +918123456789.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["OtpInvalid"];
            403: components["responses"]["OriginRefused"];
            409: components["responses"]["OtpUsed"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            /**
             * @description `CHR_PHONE_NOT_ALLOWED`: No SMS can be sent to this number.
             *
             *     `CHR_CHANNEL_NOT_ALLOWED`: Codes are not sent through this channel. Use "sms", or omit the field.
             *
             *     `CHR_NAME_REQUIRED`: The code is correct, but the number has no account yet. Send the code again with a name.
             */
            422: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_PHONE_NOT_ALLOWED" | "CHR_CHANNEL_NOT_ALLOWED" | "CHR_NAME_REQUIRED";
                    };
                };
            };
            429: components["responses"]["OtpLockedOrRateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    logIn: {
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
                 *       "phone_number": "+918123456789"
                 *     }
                 */
                "application/json": components["schemas"]["LogInRequest"];
            };
        };
        responses: {
            /** @description Code sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "OTP sent successfully",
                     *       "expires_in": 300,
                     *       "resend_in": 30,
                     *       "delivery_id": "x5Zk0yB3mQhW2vTn8sLdRg"
                     *     }
                     */
                    "application/json": components["schemas"]["CodeSent"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_PHONE_INVALID`: This is not a phone number. Send it in international form, such as +918123456789.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            422: components["responses"]["PhoneNotAllowedOrChannelNotAllowed"];
            429: components["responses"]["OtpLockedOrRateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifyCode: {
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
                "application/json": components["schemas"]["VerifyCodeRequest"];
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    /** @description Sets or ends the cookie of the session, where the session lives in one */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "data": {
                     *         "id": 42,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "name": "Asha",
                     *         "phone_number": "+918123456789",
                     *         "version": 1
                     *       },
                     *       "message": "User registered successfully",
                     *       "token": "MFRGGZDFMZTWQ2LKNNWG23TPOA",
                     *       "token_expires_at": "2026-12-21T09:30:00.000Z",
                     *       "device_token": "ONSWG4TFOQQHI33LMVXA2ZDFMV"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_PHONE_INVALID`: This is not a phone number. Send it in international form, such as +918123456789.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["OtpInvalid"];
            403: components["responses"]["OriginRefused"];
            409: components["responses"]["OtpUsed"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            /**
             * @description `CHR_PHONE_NOT_ALLOWED`: No SMS can be sent to this number.
             *
             *     `CHR_NAME_REQUIRED`: The code is correct, but the number has no account yet. Send the code again with a name.
             */
            422: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_PHONE_NOT_ALLOWED" | "CHR_NAME_REQUIRED";
                    };
                };
            };
            429: components["responses"]["OtpLockedOrRateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    readCalendar: {
        parameters: {
            query?: {
                /**
                 * @description Key in the URL of the feed
                 * @example MFRGGZDFMZTWQ2LKNNWG23TPOA
                 */
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
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description How long the answer may be kept */
                    "Cache-Control"?: string;
                    /** @description File name under which a browser saves the body */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description How long the answer may be kept */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listCreatives: {
        parameters: {
            query?: {
                /**
                 * @description YYYY-MM-DD; first date, inclusive
                 * @example 2026-11-01
                 */
                from?: string;
                /**
                 * @description YYYY-MM-DD; last date, inclusive; not before `from`
                 * @example 2026-11-30
                 */
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
                    /**
                     * @example {
                     *       "creatives": [
                     *         {
                     *           "id": 7,
                     *           "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "scheduled_at": "2026-11-21",
                     *           "title": "Diwali",
                     *           "alt_text": "A row of oil lamps",
                     *           "version": 1,
                     *           "created_at": "2026-11-21T09:30:00.000Z",
                     *           "updated_at": "2026-11-21T09:30:00.000Z",
                     *           "content_type": "image/png",
                     *           "byte_count": 48213,
                     *           "width": 1200,
                     *           "height": 800,
                     *           "frame_count": 1,
                     *           "dominant_color": "#3366cc",
                     *           "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *           "removed": [
                     *             "exif",
                     *             "gps"
                     *           ],
                     *           "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *           "owner": {
                     *             "id": 42,
                     *             "name": "Asha"
                     *           },
                     *           "is_mine": true
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OwnCreatives"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCreative: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the creative
                 * @example 7
                 */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One creative */
            200: {
                headers: {
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "creative": {
                     *         "id": 7,
                     *         "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "scheduled_at": "2026-11-21",
                     *         "title": "Diwali",
                     *         "alt_text": "A row of oil lamps",
                     *         "version": 1,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "updated_at": "2026-11-21T09:30:00.000Z",
                     *         "content_type": "image/png",
                     *         "byte_count": 48213,
                     *         "width": 1200,
                     *         "height": 800,
                     *         "frame_count": 1,
                     *         "dominant_color": "#3366cc",
                     *         "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *         "removed": [
                     *           "exif",
                     *           "gps"
                     *         ],
                     *         "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *         "owner": {
                     *           "id": 42,
                     *           "name": "Asha"
                     *         },
                     *         "is_mine": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["OneCreative"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteCreative: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the creative
                 * @example 7
                 */
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
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeCreative: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag that you have seen
                 * @example "1"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Id of the creative
                 * @example 7
                 */
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
                "application/json": components["schemas"]["CreativePatch"];
            };
        };
        responses: {
            /** @description One creative */
            200: {
                headers: {
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "creative": {
                     *         "id": 7,
                     *         "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "scheduled_at": "2026-11-21",
                     *         "title": "Diwali",
                     *         "alt_text": "A row of oil lamps",
                     *         "version": 1,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "updated_at": "2026-11-21T09:30:00.000Z",
                     *         "content_type": "image/png",
                     *         "byte_count": 48213,
                     *         "width": 1200,
                     *         "height": 800,
                     *         "frame_count": 1,
                     *         "dominant_color": "#3366cc",
                     *         "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *         "removed": [
                     *           "exif",
                     *           "gps"
                     *         ],
                     *         "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *         "owner": {
                     *           "id": 42,
                     *           "name": "Asha"
                     *         },
                     *         "is_mine": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["OneCreative"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_DATE_PAST`: scheduled_at is in the past. The earliest date is today.
             *
             *     `CHR_TIME_ZONE_UNKNOWN`: tz is not an IANA time zone name, such as Asia/Kolkata.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_DATE_PAST" | "CHR_TIME_ZONE_UNKNOWN" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["VersionConflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["MediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    restoreCreative: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the creative
                 * @example 7
                 */
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
                    /**
                     * @example {
                     *       "creative": {
                     *         "id": 7,
                     *         "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "scheduled_at": "2026-11-21",
                     *         "title": "Diwali",
                     *         "alt_text": "A row of oil lamps",
                     *         "version": 1,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "updated_at": "2026-11-21T09:30:00.000Z",
                     *         "content_type": "image/png",
                     *         "byte_count": 48213,
                     *         "width": 1200,
                     *         "height": 800,
                     *         "frame_count": 1,
                     *         "dominant_color": "#3366cc",
                     *         "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *         "removed": [
                     *           "exif",
                     *           "gps"
                     *         ],
                     *         "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *         "owner": {
                     *           "id": 42,
                     *           "name": "Asha"
                     *         },
                     *         "is_mine": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["OneCreative"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["QuotaExceededOrOriginRefused"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCreativeImage: {
        parameters: {
            query?: {
                /** @description `preview` and `thumbnail` are WebP */
                variant?: "original" | "preview" | "thumbnail";
                /**
                 * @description Unix seconds
                 * @example 1796148000
                 */
                expires?: number;
                /**
                 * @description Signature of the URL
                 * @example q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E
                 */
                signature?: string;
            };
            header?: {
                /**
                 * @description 304 if you have this ETag
                 * @example "7-1-original"
                 */
                "if-none-match"?: string;
                /**
                 * @description One range of bytes; several ranges return the whole image
                 * @example bytes=0-1023
                 */
                range?: string;
                /**
                 * @description Returns the range only if this is the current ETag, else the whole image
                 * @example "7-1-original"
                 */
                "if-range"?: string;
            };
            path: {
                /**
                 * @description Id of the creative
                 * @example 7
                 */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image */
            200: {
                headers: {
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description How long the answer may be kept */
                    "Cache-Control"?: string;
                    /** @description Unit of the ranges that may be requested */
                    "Accept-Ranges"?: string;
                    /** @description File name under which a browser saves the body */
                    "Content-Disposition"?: string;
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
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description How long the answer may be kept */
                    "Cache-Control"?: string;
                    /** @description Unit of the ranges that may be requested */
                    "Accept-Ranges"?: string;
                    /** @description File name under which a browser saves the body */
                    "Content-Disposition"?: string;
                    /** @description The range of bytes and the size of the whole image */
                    "Content-Range"?: string;
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
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description How long the answer may be kept */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            /** @description `CHR_LINK_EXPIRED`: This address of the image has expired. Get the creative again for a new one. */
            403: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_LINK_EXPIRED";
                    };
                };
            };
            404: components["responses"]["NotFound"];
            /** @description `CHR_RANGE_NOT_SATISFIABLE`: The image has no such range of bytes. */
            416: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The range of bytes and the size of the whole image */
                    "Content-Range"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_RANGE_NOT_SATISFIABLE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    replaceCreativeImage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The version that you have seen, as an entity tag
                 * @example "1"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Id of the creative
                 * @example 7
                 */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["ReplacementForm"];
            };
        };
        responses: {
            /** @description Upload taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "creative": {
                     *         "id": 7,
                     *         "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "scheduled_at": "2026-11-21",
                     *         "title": "Diwali",
                     *         "alt_text": "A row of oil lamps",
                     *         "version": 1,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "updated_at": "2026-11-21T09:30:00.000Z",
                     *         "content_type": "image/png",
                     *         "byte_count": 48213,
                     *         "width": 1200,
                     *         "height": 800,
                     *         "frame_count": 1,
                     *         "dominant_color": "#3366cc",
                     *         "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *         "removed": [
                     *           "exif",
                     *           "gps"
                     *         ],
                     *         "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *         "owner": {
                     *           "id": 42,
                     *           "name": "Asha"
                     *         },
                     *         "is_mine": true,
                     *         "duplicate_of": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UploadTaken"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_MULTIPART_INVALID`: The multipart body is broken or incomplete.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_MULTIPART_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["QuotaExceededOrOriginRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["VersionConflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            /**
             * @description `CHR_MEDIA_TYPE`: This content type is not supported here.
             *
             *     `CHR_IMAGE_TYPE`: The file is not an image. Send JPEG, PNG, GIF, WebP or AVIF.
             */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE" | "CHR_IMAGE_TYPE";
                    };
                };
            };
            422: components["responses"]["ImageBrokenOrImageTooLarge"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDeletedCreatives: {
        parameters: {
            query?: {
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
            /** @description Deleted creatives */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "creatives": [
                     *         {
                     *           "id": 7,
                     *           "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "scheduled_at": "2026-11-21",
                     *           "title": "Diwali",
                     *           "alt_text": "A row of oil lamps",
                     *           "version": 1,
                     *           "created_at": "2026-11-21T09:30:00.000Z",
                     *           "updated_at": "2026-11-21T09:30:00.000Z",
                     *           "content_type": "image/png",
                     *           "byte_count": 48213,
                     *           "width": 1200,
                     *           "height": 800,
                     *           "frame_count": 1,
                     *           "dominant_color": "#3366cc",
                     *           "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *           "removed": [
                     *             "exif",
                     *             "gps"
                     *           ],
                     *           "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *           "owner": {
                     *             "id": 42,
                     *             "name": "Asha"
                     *           },
                     *           "is_mine": true,
                     *           "deleted_at": "2026-11-21T09:30:00.000Z",
                     *           "restorable_until": "2026-11-21T09:40:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeletedCreatives"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description `delivery_id` of the reply that announced the SMS
                 * @example x5Zk0yB3mQhW2vTn8sLdRg
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delivery */
            200: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "queued",
                     *       "channel": "sms",
                     *       "reason": null,
                     *       "message": "The message is on its way.",
                     *       "resend_in": 30
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    showInbox: {
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
                    /**
                     * @example {
                     *       "messages": [
                     *         {
                     *           "sid": "SM554a0ef6533e02ae2bc8341a743e05e3",
                     *           "to": "+918123456789",
                     *           "from": "+15005550006",
                     *           "body": "Cheershare: your code is 123456. It ends in 5 minutes. Never share it.",
                     *           "status": "delivered",
                     *           "received_at": "2026-11-21T09:30:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Inbox"];
                    /** @example <!doctype html><title>SMS inbox</title> */
                    "text/html": string;
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_PHONE_INVALID`: This is not a phone number. Send it in international form, such as +918123456789.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listInboxMessages: {
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
                    /**
                     * @example {
                     *       "messages": [
                     *         {
                     *           "sid": "SM554a0ef6533e02ae2bc8341a743e05e3",
                     *           "to": "+918123456789",
                     *           "from": "+15005550006",
                     *           "body": "Cheershare: your code is 123456. It ends in 5 minutes. Never share it.",
                     *           "status": "delivered",
                     *           "received_at": "2026-11-21T09:30:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Inbox"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_PHONE_INVALID`: This is not a phone number. Send it in international form, such as +918123456789.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            404: components["responses"]["NotFound"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                    /** @description `Bearer` and a JWT for the audience; empty without `audience` */
                    Authorization?: string;
                    /** @description Id of the session */
                    "X-Cheershare-Session"?: string;
                    /** @description When the session began, RFC 3339, UTC */
                    "X-Cheershare-Signed-In-At"?: string;
                    /** @description Id of the user */
                    "X-Cheershare-User"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_AUDIENCE_UNKNOWN`: The audience is not one of this service.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_AUDIENCE_UNKNOWN" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLiveness: {
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
                    /**
                     * @example {
                     *       "status": "live"
                     *     }
                     */
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReadiness: {
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
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "dependencies": {
                     *         "postgres": "up",
                     *         "redis": "up",
                     *         "storage": "up"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                /**
                 * @example {
                 *       "token": "MFRGGZDFMZTWQ2LKNNWG23TPOA"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["TokenToCheck"];
            };
        };
        responses: {
            /** @description Introspection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true,
                     *       "iss": "https://login.example.com",
                     *       "sub": "42",
                     *       "aud": "https://login.example.com",
                     *       "exp": 1798740000,
                     *       "iat": 1796148000,
                     *       "sid": "17",
                     *       "auth_time": 1796148000,
                     *       "amr": [
                     *         "sms"
                     *       ],
                     *       "client_id": "cheershare",
                     *       "token_type": "Bearer",
                     *       "is_test": false
                     *     }
                     */
                    "application/json": components["schemas"]["Introspection"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            /** @description `CHR_CLIENT_INVALID`: This needs the name and secret of a resource server: Authorization: Basic <credentials>. */
            401: {
                headers: {
                    /** @description The authentication that the request lacks */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"] & {
                        /** @enum {string} */
                        code?: "CHR_CLIENT_INVALID";
                    };
                };
            };
            413: components["responses"]["OAuthTooLarge"];
            415: components["responses"]["OAuthMediaType"];
            431: components["responses"]["OAuthHeadersTooLarge"];
            500: components["responses"]["OAuthInternal"];
            503: components["responses"]["OAuthUnavailable"];
        };
    };
    logOut: {
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
                    /** @description Sets or ends the cookie of the session, where the session lives in one */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "Session ended"
                     *     }
                     */
                    "application/json": components["schemas"]["SessionEnded"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Own account and session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": 42,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "name": "Asha",
                     *         "phone_number": "+918123456789",
                     *         "version": 1,
                     *         "time_zone": "Asia/Kolkata",
                     *         "language": "en",
                     *         "is_test": false
                     *       },
                     *       "session": {
                     *         "id": 42,
                     *         "expires_at": "2026-12-21T09:30:00.000Z",
                     *         "ends_at": "2027-02-19T09:30:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["OwnAccountAndSession"];
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteAccount: {
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
                    /** @description Sets or ends the cookie of the session, where the session lives in one */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "Account deleted"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ReauthenticateOrOriginRefused"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeAccount: {
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
                "application/json": components["schemas"]["AccountPatch"];
            };
        };
        responses: {
            /** @description Own account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": 42,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "name": "Asha",
                     *         "phone_number": "+918123456789",
                     *         "version": 1,
                     *         "time_zone": "Asia/Kolkata",
                     *         "language": "en",
                     *         "is_test": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["OwnAccount"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_TIME_ZONE_UNKNOWN`: tz is not an IANA time zone name, such as Asia/Kolkata.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_TIME_ZONE_UNKNOWN" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            /** @description `CHR_VERSION_CONFLICT`: The resource has changed. Fetch the current version and retry. */
            409: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountConflict"] & {
                        /** @enum {string} */
                        code?: "CHR_VERSION_CONFLICT";
                    };
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["MediaType"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCalendarFeed: {
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
                    /**
                     * @example {
                     *       "calendar_feed": {
                     *         "created_at": "2026-11-21T09:30:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CalendarFeedState"];
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                    /**
                     * @example {
                     *       "url": "https://login.example.com/calendar.ics?key=MFRGGZDFMZTWQ2LKNNWG23TPOA"
                     *     }
                     */
                    "application/json": components["schemas"]["CalendarFeedAddress"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    exportAccount: {
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
                    /**
                     * @example {
                     *       "exported_at": "2026-11-21T09:30:00.000Z",
                     *       "user": {
                     *         "id": 42,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "name": "Asha",
                     *         "phone_number": "+918123456789",
                     *         "version": 1,
                     *         "time_zone": "Asia/Kolkata",
                     *         "language": "en",
                     *         "is_test": false
                     *       },
                     *       "sessions": [
                     *         {
                     *           "id": 17,
                     *           "created_at": "2026-11-21T09:30:00.000Z",
                     *           "last_used_at": "2026-11-21T09:30:00.000Z",
                     *           "expires_at": "2026-11-21T09:30:00.000Z",
                     *           "user_agent": "curl/8.5.0",
                     *           "address": "203.0.113.x"
                     *         }
                     *       ],
                     *       "devices": [
                     *         {
                     *           "created_at": "2026-11-21T09:30:00.000Z",
                     *           "expires_at": "2026-11-21T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "pending_phone_change": {
                     *         "phone_number": "+918123456780",
                     *         "requested_at": "2026-11-21T09:30:00.000Z"
                     *       },
                     *       "creatives": [
                     *         {
                     *           "id": 7,
                     *           "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "scheduled_at": "2026-11-21",
                     *           "title": "Diwali",
                     *           "alt_text": "A row of oil lamps",
                     *           "version": 1,
                     *           "created_at": "2026-11-21T09:30:00.000Z",
                     *           "updated_at": "2026-11-21T09:30:00.000Z",
                     *           "content_type": "image/png",
                     *           "byte_count": 48213,
                     *           "width": 1200,
                     *           "height": 800,
                     *           "frame_count": 1,
                     *           "dominant_color": "#3366cc",
                     *           "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *           "removed": [
                     *             "exif",
                     *             "gps"
                     *           ],
                     *           "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *           "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *           "owner": {
                     *             "id": 42,
                     *             "name": "Asha"
                     *           },
                     *           "is_mine": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    requestPhoneNumberChange: {
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
                 *       "phone_number": "+918123456780"
                 *     }
                 */
                "application/json": components["schemas"]["PhoneNumberChange"];
            };
        };
        responses: {
            /** @description Code sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "OTP sent successfully",
                     *       "expires_in": 300,
                     *       "resend_in": 30,
                     *       "delivery_id": "x5Zk0yB3mQhW2vTn8sLdRg"
                     *     }
                     */
                    "application/json": components["schemas"]["CodeSent"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_PHONE_INVALID`: This is not a phone number. Send it in international form, such as +918123456789.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_PHONE_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ReauthenticateOrOriginRefused"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            422: components["responses"]["PhoneNotAllowedOrChannelNotAllowed"];
            429: components["responses"]["OtpLockedOrRateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelPhoneNumberChange: {
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
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "Account deleted"
                     *     }
                     */
                    "application/json": components["schemas"]["Done"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifyPhoneNumberChange: {
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
                 *       "otp": "123456"
                 *     }
                 */
                "application/json": components["schemas"]["PhoneNumberVerification"];
            };
        };
        responses: {
            /** @description Own account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": 42,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "name": "Asha",
                     *         "phone_number": "+918123456789",
                     *         "version": 1,
                     *         "time_zone": "Asia/Kolkata",
                     *         "language": "en",
                     *         "is_test": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["OwnAccount"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            /**
             * @description `CHR_OTP_INVALID`: The code is wrong or no longer valid.
             *
             *     `CHR_UNAUTHENTICATED`: This needs a valid bearer token: Authorization: Bearer <token>.
             */
            401: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The authentication that the request lacks */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_OTP_INVALID" | "CHR_UNAUTHENTICATED";
                    };
                };
            };
            403: components["responses"]["OriginRefused"];
            404: components["responses"]["NotFound"];
            /**
             * @description `CHR_OTP_USED`: This code was used a moment ago. If you are not signed in, request a new one.
             *
             *     `CHR_PHONE_TAKEN`: Another account has this number. If the number is yours, send the same code with take_over: true: the number moves to this account, and the other account is deleted after 30 days.
             */
            409: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_OTP_USED" | "CHR_PHONE_TAKEN";
                    };
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            /** @description `CHR_PHONE_NOT_ALLOWED`: No SMS can be sent to this number. */
            422: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_PHONE_NOT_ALLOWED";
                    };
                };
            };
            429: components["responses"]["OtpLockedOrRateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMetrics: {
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
                    /** @example cheershare_sms_total{outcome="sent"} 3 */
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    checkToken: {
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
                    /**
                     * @example {
                     *       "data": "Protected"
                     *     }
                     */
                    "application/json": components["schemas"]["TheTokenIsGood"];
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                /**
                 * @example {
                 *       "token": "MFRGGZDFMZTWQ2LKNNWG23TPOA"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["TokenToRevoke"];
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
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_TOKEN_TYPE_UNSUPPORTED`: A JWT cannot be revoked. It ends within minutes; send the token of its session.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_TOKEN_TYPE_UNSUPPORTED" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            413: components["responses"]["OAuthTooLarge"];
            415: components["responses"]["OAuthMediaType"];
            431: components["responses"]["OAuthHeadersTooLarge"];
            500: components["responses"]["OAuthInternal"];
            503: components["responses"]["OAuthUnavailable"];
        };
    };
    listScheduledCreatives: {
        parameters: {
            query?: {
                /**
                 * @description YYYY-MM-DD; first date of a range, inclusive; with `to`
                 * @example 2026-11-01
                 */
                from?: string;
                /**
                 * @description YYYY-MM-DD; last date of a range, inclusive, at most 92 days with `from`
                 * @example 2026-11-30
                 */
                to?: string;
                /**
                 * @description IANA time zone that decides which date is today
                 * @example UTC
                 */
                tz?: string;
                /** @description Only your own creatives */
                owner?: "me";
                /** @description Most creatives of each day, or of a page of a range */
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
                    /**
                     * @example {
                     *       "scheduled_creatives": {
                     *         "today": [
                     *           {
                     *             "id": 7,
                     *             "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *             "scheduled_at": "2026-11-21",
                     *             "title": "Diwali",
                     *             "alt_text": "A row of oil lamps",
                     *             "version": 1,
                     *             "created_at": "2026-11-21T09:30:00.000Z",
                     *             "updated_at": "2026-11-21T09:30:00.000Z",
                     *             "content_type": "image/png",
                     *             "byte_count": 48213,
                     *             "width": 1200,
                     *             "height": 800,
                     *             "frame_count": 1,
                     *             "dominant_color": "#3366cc",
                     *             "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *             "removed": [
                     *               "exif",
                     *               "gps"
                     *             ],
                     *             "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *             "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *             "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *             "owner": {
                     *               "id": 42,
                     *               "name": "Asha"
                     *             },
                     *             "is_mine": true
                     *           }
                     *         ],
                     *         "tomorrow": [
                     *           {
                     *             "id": 7,
                     *             "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *             "scheduled_at": "2026-11-21",
                     *             "title": "Diwali",
                     *             "alt_text": "A row of oil lamps",
                     *             "version": 1,
                     *             "created_at": "2026-11-21T09:30:00.000Z",
                     *             "updated_at": "2026-11-21T09:30:00.000Z",
                     *             "content_type": "image/png",
                     *             "byte_count": 48213,
                     *             "width": 1200,
                     *             "height": 800,
                     *             "frame_count": 1,
                     *             "dominant_color": "#3366cc",
                     *             "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *             "removed": [
                     *               "exif",
                     *               "gps"
                     *             ],
                     *             "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *             "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *             "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *             "owner": {
                     *               "id": 42,
                     *               "name": "Asha"
                     *             },
                     *             "is_mine": true
                     *           }
                     *         ]
                     *       },
                     *       "dates": {
                     *         "today": "2026-11-21",
                     *         "tomorrow": "2026-11-22",
                     *         "time_zone": "Asia/Kolkata"
                     *       },
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ScheduledCreatives"] | components["schemas"]["ScheduledRange"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_TIME_ZONE_UNKNOWN`: tz is not an IANA time zone name, such as Asia/Kolkata.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_TIME_ZONE_UNKNOWN" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                    /**
                     * @example {
                     *       "sessions": [
                     *         {
                     *           "id": 17,
                     *           "created_at": "2026-11-21T09:30:00.000Z",
                     *           "last_used_at": "2026-11-21T09:30:00.000Z",
                     *           "expires_at": "2026-12-21T09:30:00.000Z",
                     *           "user_agent": "curl/8.5.0",
                     *           "address": "203.0.113.x",
                     *           "current": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                    /** @description Sets or ends the cookie of the session, where the session lives in one */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "All other sessions ended",
                     *       "ended": 2
                     *     }
                     */
                    "application/json": components["schemas"]["SessionsEnded"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the session
                 * @example 17
                 */
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
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "Session ended"
                     *     }
                     */
                    "application/json": components["schemas"]["SessionEnded"];
                };
            };
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["OriginRefused"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                /**
                 * @example {
                 *       "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                 *       "subject_token": "MFRGGZDFMZTWQ2LKNNWG23TPOA",
                 *       "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
                 *       "audience": "https://orders.example.com"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["TokenExchange"];
            };
        };
        responses: {
            /** @description Access token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Im9uZSJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
                     *       "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
                     *       "token_type": "Bearer",
                     *       "expires_in": 300
                     *     }
                     */
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_GRANT_UNSUPPORTED`: This grant_type is not supported. Use urn:ietf:params:oauth:grant-type:token-exchange.
             *
             *     `CHR_AUDIENCE_UNKNOWN`: The audience is not one of this service.
             *
             *     `CHR_SCOPE_UNKNOWN`: This service has no scopes. Leave the parameter scope out.
             *
             *     `CHR_SUBJECT_TOKEN_INVALID`: The subject_token is not the token of a valid session.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthFailure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_GRANT_UNSUPPORTED" | "CHR_AUDIENCE_UNKNOWN" | "CHR_SCOPE_UNKNOWN" | "CHR_SUBJECT_TOKEN_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            413: components["responses"]["OAuthTooLarge"];
            415: components["responses"]["OAuthMediaType"];
            431: components["responses"]["OAuthHeadersTooLarge"];
            500: components["responses"]["OAuthInternal"];
            503: components["responses"]["OAuthUnavailable"];
        };
    };
    uploadCreative: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1 to 255 visible ASCII characters, valid for 24 hours
                 * @example 5f0c3a52-8d5b-4c35-9a4e-0c6f6c3c7a11
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["UploadForm"];
            };
        };
        responses: {
            /** @description Upload taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "creative": {
                     *         "id": 7,
                     *         "creative_url": "https://login.example.com/creatives/7/image?variant=original&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "scheduled_at": "2026-11-21",
                     *         "title": "Diwali",
                     *         "alt_text": "A row of oil lamps",
                     *         "version": 1,
                     *         "created_at": "2026-11-21T09:30:00.000Z",
                     *         "updated_at": "2026-11-21T09:30:00.000Z",
                     *         "content_type": "image/png",
                     *         "byte_count": 48213,
                     *         "width": 1200,
                     *         "height": 800,
                     *         "frame_count": 1,
                     *         "dominant_color": "#3366cc",
                     *         "thumb_hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
                     *         "removed": [
                     *           "exif",
                     *           "gps"
                     *         ],
                     *         "preview_url": "https://login.example.com/creatives/7/image?variant=preview&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "thumbnail_url": "https://login.example.com/creatives/7/image?variant=thumbnail&expires=1796148000&signature=q1Zb6VqG3rSg0oQ2mVw0kJ0yqUO3mC0nS1sY5zD4q7E",
                     *         "urls_expire_at": "2026-11-21T11:00:00.000Z",
                     *         "owner": {
                     *           "id": 42,
                     *           "name": "Asha"
                     *         },
                     *         "is_mine": true,
                     *         "duplicate_of": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UploadTaken"];
                };
            };
            /**
             * @description `CHR_VALIDATION`: The request does not have the expected shape.
             *
             *     `CHR_DATE_PAST`: scheduled_at is in the past. The earliest date is today.
             *
             *     `CHR_TIME_ZONE_UNKNOWN`: tz is not an IANA time zone name, such as Asia/Kolkata.
             *
             *     `CHR_MULTIPART_INVALID`: The multipart body is broken or incomplete.
             *
             *     `CHR_BAD_REQUEST`: The request could not be understood.
             *
             *     `CHR_REQUEST_TIMEOUT`: The request took too long to arrive. Try again on a better connection.
             */
            400: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_VALIDATION" | "CHR_DATE_PAST" | "CHR_TIME_ZONE_UNKNOWN" | "CHR_MULTIPART_INVALID" | "CHR_BAD_REQUEST" | "CHR_REQUEST_TIMEOUT";
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["QuotaExceededOrOriginRefused"];
            404: components["responses"]["NotFound"];
            /** @description `CHR_IDEMPOTENCY_CONFLICT`: This Idempotency-Key was used for a different upload. Use a new key. */
            409: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_IDEMPOTENCY_CONFLICT";
                    };
                };
            };
            413: components["responses"]["TooLarge"];
            /**
             * @description `CHR_MEDIA_TYPE`: This content type is not supported here.
             *
             *     `CHR_IMAGE_TYPE`: The file is not an image. Send JPEG, PNG, GIF, WebP or AVIF.
             */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE" | "CHR_IMAGE_TYPE";
                    };
                };
            };
            422: components["responses"]["ImageBrokenOrImageTooLarge"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    receiveTwilioStatus: {
        parameters: {
            query?: {
                /**
                 * @description `delivery_id` of the reply that announced the SMS
                 * @example x5Zk0yB3mQhW2vTn8sLdRg
                 */
                delivery?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "MessageSid": "SM554a0ef6533e02ae2bc8341a743e05e3",
                 *       "MessageStatus": "delivered"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["TwilioStatus"];
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
            400: components["responses"]["ValidationOrBadRequestOrRequestTimeout"];
            /** @description `CHR_SIGNATURE_INVALID`: The signature of the request is missing or wrong. */
            403: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_SIGNATURE_INVALID";
                    };
                };
            };
            413: components["responses"]["TooLarge"];
            /** @description `CHR_MEDIA_TYPE`: This content type is not supported here. */
            415: {
                headers: {
                    /** @description Language of the sentence for people: one of those that `Accept-Language` names, else `en` */
                    "Content-Language"?: string;
                    /** @description The content types that the address reads */
                    "Accept-Post"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"] & {
                        /** @enum {string} */
                        code?: "CHR_MEDIA_TYPE";
                    };
                };
            };
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description How long the answer may be kept */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "kty": "EC",
                     *           "crv": "P-256",
                     *           "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                     *           "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                     *           "kid": "2w6HdvJ9",
                     *           "use": "sig",
                     *           "alg": "ES256"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["KeySet"];
                };
            };
            /** @description Not modified */
            304: {
                headers: {
                    /** @description Entity tag of the version, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description How long the answer may be kept */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
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
                    /** @description How long the answer may be kept */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "issuer": "https://login.example.com",
                     *       "token_endpoint": "https://login.example.com/token",
                     *       "jwks_uri": "https://login.example.com/.well-known/jwks.json",
                     *       "introspection_endpoint": "https://login.example.com/introspect",
                     *       "revocation_endpoint": "https://login.example.com/revoke",
                     *       "response_types_supported": [],
                     *       "grant_types_supported": [
                     *         "urn:ietf:params:oauth:grant-type:token-exchange"
                     *       ],
                     *       "token_endpoint_auth_methods_supported": [
                     *         "none"
                     *       ],
                     *       "introspection_endpoint_auth_methods_supported": [
                     *         "client_secret_basic"
                     *       ],
                     *       "revocation_endpoint_auth_methods_supported": [
                     *         "none"
                     *       ],
                     *       "service_documentation": "https://login.example.com/docs"
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationServerMetadata"];
                };
            };
            400: components["responses"]["BadRequestOrRequestTimeout"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
}
