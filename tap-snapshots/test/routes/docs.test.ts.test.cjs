/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/routes/docs.test.ts > TAP > the OpenAPI document matches the snapshot > must match snapshot 1`] = `
{
  "openapi": "3.1.0",
  "info": {
    "title": "Cheershare",
    "version": "0.1.0",
    "description": "Phone login by one-time SMS codes, and images for calendar dates."
  },
  "components": {
    "securitySchemes": {
      "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token that \`POST /verify\` returns"
      },
      "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "Name and secret of one of \`RESOURCE_SERVERS\`"
      }
    },
    "schemas": {
      "Failure": {
        "title": "Failure",
        "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
        "type": "object",
        "required": [
          "error",
          "code",
          "request_id"
        ],
        "properties": {
          "error": {
            "description": "A sentence for people",
            "type": "string"
          },
          "code": {
            "enum": [
              "CHR_VALIDATION",
              "CHR_PHONE_INVALID",
              "CHR_DATE_PAST",
              "CHR_TIME_ZONE_UNKNOWN",
              "CHR_MULTIPART_INVALID",
              "CHR_BAD_REQUEST",
              "CHR_REQUEST_TIMEOUT",
              "CHR_GRANT_UNSUPPORTED",
              "CHR_AUDIENCE_UNKNOWN",
              "CHR_SCOPE_UNKNOWN",
              "CHR_SUBJECT_TOKEN_INVALID",
              "CHR_TOKEN_TYPE_UNSUPPORTED",
              "CHR_CLIENT_INVALID",
              "CHR_UNAUTHENTICATED",
              "CHR_OTP_INVALID",
              "CHR_REAUTHENTICATE",
              "CHR_LINK_EXPIRED",
              "CHR_SIGNATURE_INVALID",
              "CHR_QUOTA_EXCEEDED",
              "CHR_NOT_FOUND",
              "CHR_METHOD_NOT_ALLOWED",
              "CHR_OTP_USED",
              "CHR_PHONE_TAKEN",
              "CHR_VERSION_CONFLICT",
              "CHR_IDEMPOTENCY_CONFLICT",
              "CHR_PRECONDITION_FAILED",
              "CHR_TOO_LARGE",
              "CHR_MEDIA_TYPE",
              "CHR_IMAGE_TYPE",
              "CHR_RANGE_NOT_SATISFIABLE",
              "CHR_IMAGE_BROKEN",
              "CHR_IMAGE_TOO_LARGE",
              "CHR_PHONE_NOT_ALLOWED",
              "CHR_CHANNEL_NOT_ALLOWED",
              "CHR_NAME_REQUIRED",
              "CHR_RATE_LIMITED",
              "CHR_OTP_LOCKED",
              "CHR_HEADERS_TOO_LARGE",
              "CHR_INTERNAL",
              "CHR_UNAVAILABLE"
            ],
            "description": "Programs switch on it; later versions may add codes",
            "examples": [
              "CHR_VALIDATION"
            ],
            "type": "string"
          },
          "request_id": {
            "description": "Also in the log of the service",
            "examples": [
              "Ju3x-1a"
            ],
            "type": "string"
          },
          "details": {
            "description": "Fields, headers or dependencies with a problem",
            "type": "array",
            "items": {
              "type": "object",
              "required": [
                "path",
                "message"
              ],
              "properties": {
                "path": {
                  "type": "string"
                },
                "message": {
                  "type": "string"
                }
              }
            }
          },
          "retry_after": {
            "description": "Seconds until a repeat can succeed, as in \`Retry-After\`; with 429 and 503",
            "examples": [
              57
            ],
            "type": "integer"
          },
          "limit": {
            "description": "Name of the limit that is exceeded; with 429 \`CHR_RATE_LIMITED\`",
            "examples": [
              "sends_per_phone_hour"
            ],
            "type": "string"
          }
        }
      },
      "Creative": {
        "title": "Creative",
        "type": "object",
        "required": [
          "id",
          "creative_url",
          "scheduled_at",
          "title",
          "alt_text",
          "version",
          "created_at",
          "updated_at",
          "content_type",
          "byte_count",
          "width",
          "height",
          "frame_count",
          "dominant_color",
          "thumb_hash",
          "removed",
          "preview_url",
          "thumbnail_url",
          "urls_expire_at"
        ],
        "properties": {
          "id": {
            "type": "integer"
          },
          "creative_url": {
            "description": "Signed URL of the image; it expires within two hours",
            "type": "string"
          },
          "scheduled_at": {
            "description": "YYYY-MM-DD; null for a draft",
            "examples": [
              "2026-11-21"
            ],
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "title": {
            "description": "Title; at most 100 characters",
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "alt_text": {
            "description": "Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters",
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "version": {
            "description": "Incremented by each change",
            "type": "integer"
          },
          "created_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "updated_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "content_type": {
            "description": "One of \`image/jpeg\`, \`image/png\`, \`image/gif\`, \`image/webp\`, \`image/avif\`",
            "examples": [
              "image/png"
            ],
            "type": "string"
          },
          "byte_count": {
            "description": "Size of the stored image",
            "type": "integer"
          },
          "width": {
            "description": "Displayed width in pixels",
            "type": "integer"
          },
          "height": {
            "description": "Displayed height in pixels",
            "type": "integer"
          },
          "frame_count": {
            "description": "Above 1 for an animation",
            "type": "integer"
          },
          "dominant_color": {
            "description": "Placeholder to show while the image loads",
            "examples": [
              "#3366cc"
            ],
            "type": "string"
          },
          "thumb_hash": {
            "description": "Placeholder to show while the image loads: a ThumbHash in base64",
            "type": "string"
          },
          "removed": {
            "description": "Kinds of metadata that were removed from the upload",
            "examples": [
              [
                "exif",
                "gps"
              ]
            ],
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "preview_url": {
            "description": "Signed URL of a WebP image with sides of at most 1280 pixels",
            "type": "string"
          },
          "thumbnail_url": {
            "description": "Signed URL of a WebP image with sides of at most 320 pixels",
            "type": "string"
          },
          "urls_expire_at": {
            "description": "When the three signed URLs end (RFC 3339, UTC): 403 \`CHR_LINK_EXPIRED\` from then on. Get the creative again for new ones",
            "examples": [
              "2026-11-21T11:00:00.000Z"
            ],
            "type": "string"
          }
        }
      },
      "OwnCreatives": {
        "title": "Own creatives",
        "type": "object",
        "required": [
          "creatives",
          "next_cursor"
        ],
        "properties": {
          "creatives": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/Creative"
            }
          },
          "next_cursor": {
            "description": "Cursor of the next page; null on the last page",
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          }
        }
      },
      "OneCreative": {
        "title": "One creative",
        "type": "object",
        "required": [
          "creative"
        ],
        "properties": {
          "creative": {
            "$ref": "#/components/schemas/Creative"
          }
        }
      },
      "CreativeConflict": {
        "title": "Creative conflict",
        "description": "The creative has changed; \`current\` is its current state",
        "type": "object",
        "required": [
          "error",
          "code",
          "request_id"
        ],
        "properties": {
          "error": {
            "description": "A sentence for people",
            "type": "string"
          },
          "code": {
            "enum": [
              "CHR_VALIDATION",
              "CHR_PHONE_INVALID",
              "CHR_DATE_PAST",
              "CHR_TIME_ZONE_UNKNOWN",
              "CHR_MULTIPART_INVALID",
              "CHR_BAD_REQUEST",
              "CHR_REQUEST_TIMEOUT",
              "CHR_GRANT_UNSUPPORTED",
              "CHR_AUDIENCE_UNKNOWN",
              "CHR_SCOPE_UNKNOWN",
              "CHR_SUBJECT_TOKEN_INVALID",
              "CHR_TOKEN_TYPE_UNSUPPORTED",
              "CHR_CLIENT_INVALID",
              "CHR_UNAUTHENTICATED",
              "CHR_OTP_INVALID",
              "CHR_REAUTHENTICATE",
              "CHR_LINK_EXPIRED",
              "CHR_SIGNATURE_INVALID",
              "CHR_QUOTA_EXCEEDED",
              "CHR_NOT_FOUND",
              "CHR_METHOD_NOT_ALLOWED",
              "CHR_OTP_USED",
              "CHR_PHONE_TAKEN",
              "CHR_VERSION_CONFLICT",
              "CHR_IDEMPOTENCY_CONFLICT",
              "CHR_PRECONDITION_FAILED",
              "CHR_TOO_LARGE",
              "CHR_MEDIA_TYPE",
              "CHR_IMAGE_TYPE",
              "CHR_RANGE_NOT_SATISFIABLE",
              "CHR_IMAGE_BROKEN",
              "CHR_IMAGE_TOO_LARGE",
              "CHR_PHONE_NOT_ALLOWED",
              "CHR_CHANNEL_NOT_ALLOWED",
              "CHR_NAME_REQUIRED",
              "CHR_RATE_LIMITED",
              "CHR_OTP_LOCKED",
              "CHR_HEADERS_TOO_LARGE",
              "CHR_INTERNAL",
              "CHR_UNAVAILABLE"
            ],
            "description": "Programs switch on it; later versions may add codes",
            "examples": [
              "CHR_VALIDATION"
            ],
            "type": "string"
          },
          "request_id": {
            "description": "Also in the log of the service",
            "examples": [
              "Ju3x-1a"
            ],
            "type": "string"
          },
          "details": {
            "description": "Fields, headers or dependencies with a problem",
            "type": "array",
            "items": {
              "type": "object",
              "required": [
                "path",
                "message"
              ],
              "properties": {
                "path": {
                  "type": "string"
                },
                "message": {
                  "type": "string"
                }
              }
            }
          },
          "retry_after": {
            "description": "Seconds until a repeat can succeed, as in \`Retry-After\`; with 429 and 503",
            "examples": [
              57
            ],
            "type": "integer"
          },
          "limit": {
            "description": "Name of the limit that is exceeded; with 429 \`CHR_RATE_LIMITED\`",
            "examples": [
              "sends_per_phone_hour"
            ],
            "type": "string"
          },
          "current": {
            "$ref": "#/components/schemas/Creative"
          }
        }
      },
      "UploadedCreative": {
        "title": "Uploaded creative",
        "type": "object",
        "required": [
          "id",
          "creative_url",
          "scheduled_at",
          "title",
          "alt_text",
          "version",
          "created_at",
          "updated_at",
          "content_type",
          "byte_count",
          "width",
          "height",
          "frame_count",
          "dominant_color",
          "thumb_hash",
          "removed",
          "preview_url",
          "thumbnail_url",
          "urls_expire_at",
          "duplicate_of"
        ],
        "properties": {
          "id": {
            "type": "integer"
          },
          "creative_url": {
            "description": "Signed URL of the image; it expires within two hours",
            "type": "string"
          },
          "scheduled_at": {
            "description": "YYYY-MM-DD; null for a draft",
            "examples": [
              "2026-11-21"
            ],
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "title": {
            "description": "Title; at most 100 characters",
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "alt_text": {
            "description": "Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters",
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "version": {
            "description": "Incremented by each change",
            "type": "integer"
          },
          "created_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "updated_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "content_type": {
            "description": "One of \`image/jpeg\`, \`image/png\`, \`image/gif\`, \`image/webp\`, \`image/avif\`",
            "examples": [
              "image/png"
            ],
            "type": "string"
          },
          "byte_count": {
            "description": "Size of the stored image",
            "type": "integer"
          },
          "width": {
            "description": "Displayed width in pixels",
            "type": "integer"
          },
          "height": {
            "description": "Displayed height in pixels",
            "type": "integer"
          },
          "frame_count": {
            "description": "Above 1 for an animation",
            "type": "integer"
          },
          "dominant_color": {
            "description": "Placeholder to show while the image loads",
            "examples": [
              "#3366cc"
            ],
            "type": "string"
          },
          "thumb_hash": {
            "description": "Placeholder to show while the image loads: a ThumbHash in base64",
            "type": "string"
          },
          "removed": {
            "description": "Kinds of metadata that were removed from the upload",
            "examples": [
              [
                "exif",
                "gps"
              ]
            ],
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "preview_url": {
            "description": "Signed URL of a WebP image with sides of at most 1280 pixels",
            "type": "string"
          },
          "thumbnail_url": {
            "description": "Signed URL of a WebP image with sides of at most 320 pixels",
            "type": "string"
          },
          "urls_expire_at": {
            "description": "When the three signed URLs end (RFC 3339, UTC): 403 \`CHR_LINK_EXPIRED\` from then on. Get the creative again for new ones",
            "examples": [
              "2026-11-21T11:00:00.000Z"
            ],
            "type": "string"
          },
          "duplicate_of": {
            "description": "Your oldest other creative that was uploaded from the same file",
            "anyOf": [
              {
                "type": "integer"
              },
              {
                "type": "null"
              }
            ]
          }
        }
      },
      "UploadTaken": {
        "title": "Upload taken",
        "type": "object",
        "required": [
          "creative"
        ],
        "properties": {
          "creative": {
            "$ref": "#/components/schemas/UploadedCreative"
          }
        }
      },
      "Delivery": {
        "title": "Delivery",
        "type": "object",
        "required": [
          "status",
          "channel",
          "reason",
          "message",
          "resend_in"
        ],
        "properties": {
          "status": {
            "type": "string",
            "enum": [
              "queued",
              "sent",
              "delivered",
              "failed"
            ],
            "description": "\`queued\` in this service, \`sent\` to the carrier, \`delivered\` to the handset, or finally \`failed\`"
          },
          "channel": {
            "type": "string",
            "enum": [
              "sms",
              "whatsapp"
            ],
            "description": "The channel that carries the code"
          },
          "reason": {
            "type": [
              "string",
              "null"
            ],
            "enum": [
              "number_invalid",
              "number_unreachable",
              "opted_out",
              "blocked",
              "whatsapp_failed",
              "country_not_served",
              "expired",
              "not_sent",
              null
            ],
            "description": "Why it failed; \`null\` unless it failed"
          },
          "message": {
            "description": "A sentence for the user who waits",
            "examples": [
              "The message is on its way."
            ],
            "type": "string"
          },
          "resend_in": {
            "description": "Seconds until another SMS may be requested",
            "examples": [
              30
            ],
            "type": "integer"
          }
        }
      },
      "Inbox": {
        "title": "Inbox",
        "type": "object",
        "required": [
          "messages"
        ],
        "properties": {
          "messages": {
            "type": "array",
            "items": {
              "type": "object",
              "required": [
                "sid",
                "to",
                "from",
                "body",
                "status",
                "received_at"
              ],
              "properties": {
                "sid": {
                  "type": "string"
                },
                "to": {
                  "type": "string"
                },
                "from": {
                  "type": "string"
                },
                "body": {
                  "type": "string"
                },
                "status": {
                  "description": "A message status of Twilio",
                  "examples": [
                    "delivered"
                  ],
                  "type": "string"
                },
                "received_at": {
                  "description": "RFC 3339, UTC",
                  "examples": [
                    "2026-11-21T09:30:00.000Z"
                  ],
                  "type": "string"
                }
              }
            }
          }
        }
      },
      "Liveness": {
        "title": "Liveness",
        "type": "object",
        "required": [
          "status"
        ],
        "properties": {
          "status": {
            "type": "string",
            "enum": [
              "live"
            ]
          }
        }
      },
      "Readiness": {
        "title": "Readiness",
        "type": "object",
        "required": [
          "status",
          "dependencies"
        ],
        "properties": {
          "status": {
            "anyOf": [
              {
                "type": "string",
                "enum": [
                  "ready"
                ]
              },
              {
                "type": "string",
                "enum": [
                  "degraded"
                ]
              }
            ]
          },
          "dependencies": {
            "type": "object",
            "additionalProperties": {
              "anyOf": [
                {
                  "type": "string",
                  "enum": [
                    "up"
                  ]
                },
                {
                  "type": "string",
                  "enum": [
                    "degraded"
                  ]
                }
              ]
            }
          }
        }
      },
      "Introspection": {
        "title": "Introspection",
        "type": "object",
        "required": [
          "active"
        ],
        "properties": {
          "active": {
            "description": "False for an unknown or ended token, and for a JWT whose audience is that of another server",
            "type": "boolean"
          },
          "iss": {
            "description": "PUBLIC_URL",
            "type": "string"
          },
          "sub": {
            "description": "Id of the user",
            "type": "string"
          },
          "aud": {
            "description": "Audience of a JWT; PUBLIC_URL for the token of a session",
            "type": "string"
          },
          "exp": {
            "description": "End of the token. The use of the token of a session moves it",
            "type": "integer"
          },
          "iat": {
            "type": "integer"
          },
          "jti": {
            "description": "Only for a JWT",
            "type": "string"
          },
          "sid": {
            "description": "Id of the session",
            "type": "string"
          },
          "auth_time": {
            "description": "Time of the login",
            "type": "integer"
          },
          "amr": {
            "examples": [
              [
                "sms"
              ]
            ],
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "client_id": {
            "type": "string"
          },
          "token_type": {
            "type": "string",
            "enum": [
              "Bearer"
            ]
          },
          "is_test": {
            "description": "True for an account of a test number",
            "type": "boolean"
          }
        }
      },
      "OAuthFailure": {
        "title": "OAuth failure",
        "description": "The request was refused or failed. 429 and 503 have \`Retry-After\`, in seconds.",
        "type": "object",
        "required": [
          "error",
          "error_description",
          "code",
          "request_id"
        ],
        "properties": {
          "error": {
            "description": "Error of OAuth",
            "examples": [
              "invalid_request"
            ],
            "type": "string"
          },
          "error_description": {
            "description": "A sentence for developers",
            "type": "string"
          },
          "code": {
            "enum": [
              "CHR_VALIDATION",
              "CHR_PHONE_INVALID",
              "CHR_DATE_PAST",
              "CHR_TIME_ZONE_UNKNOWN",
              "CHR_MULTIPART_INVALID",
              "CHR_BAD_REQUEST",
              "CHR_REQUEST_TIMEOUT",
              "CHR_GRANT_UNSUPPORTED",
              "CHR_AUDIENCE_UNKNOWN",
              "CHR_SCOPE_UNKNOWN",
              "CHR_SUBJECT_TOKEN_INVALID",
              "CHR_TOKEN_TYPE_UNSUPPORTED",
              "CHR_CLIENT_INVALID",
              "CHR_UNAUTHENTICATED",
              "CHR_OTP_INVALID",
              "CHR_REAUTHENTICATE",
              "CHR_LINK_EXPIRED",
              "CHR_SIGNATURE_INVALID",
              "CHR_QUOTA_EXCEEDED",
              "CHR_NOT_FOUND",
              "CHR_METHOD_NOT_ALLOWED",
              "CHR_OTP_USED",
              "CHR_PHONE_TAKEN",
              "CHR_VERSION_CONFLICT",
              "CHR_IDEMPOTENCY_CONFLICT",
              "CHR_PRECONDITION_FAILED",
              "CHR_TOO_LARGE",
              "CHR_MEDIA_TYPE",
              "CHR_IMAGE_TYPE",
              "CHR_RANGE_NOT_SATISFIABLE",
              "CHR_IMAGE_BROKEN",
              "CHR_IMAGE_TOO_LARGE",
              "CHR_PHONE_NOT_ALLOWED",
              "CHR_CHANNEL_NOT_ALLOWED",
              "CHR_NAME_REQUIRED",
              "CHR_RATE_LIMITED",
              "CHR_OTP_LOCKED",
              "CHR_HEADERS_TOO_LARGE",
              "CHR_INTERNAL",
              "CHR_UNAVAILABLE"
            ],
            "description": "Code of the catalogue",
            "examples": [
              "CHR_VALIDATION"
            ],
            "type": "string"
          },
          "request_id": {
            "description": "Also in the log of the service",
            "examples": [
              "Ju3x-1a"
            ],
            "type": "string"
          }
        }
      },
      "CodeSent": {
        "title": "Code sent",
        "type": "object",
        "required": [
          "success",
          "message",
          "expires_in",
          "resend_in",
          "delivery_id"
        ],
        "properties": {
          "success": {
            "type": "boolean",
            "enum": [
              true
            ]
          },
          "message": {
            "examples": [
              "OTP sent successfully"
            ],
            "type": "string"
          },
          "expires_in": {
            "description": "Seconds until the code expires",
            "examples": [
              300
            ],
            "type": "integer"
          },
          "resend_in": {
            "description": "Seconds until another SMS may be requested",
            "examples": [
              30
            ],
            "type": "integer"
          },
          "delivery_id": {
            "description": "Id of the SMS: \`GET /deliveries/{id}\` returns its state",
            "pattern": "^[A-Za-z0-9_-]{22}$",
            "examples": [
              "x5Zk0yB3mQhW2vTn8sLdRg"
            ],
            "type": "string"
          }
        }
      },
      "SessionEnded": {
        "title": "Session ended",
        "type": "object",
        "required": [
          "success",
          "message"
        ],
        "properties": {
          "success": {
            "type": "boolean",
            "enum": [
              true
            ]
          },
          "message": {
            "type": "string"
          }
        }
      },
      "Account": {
        "title": "Account",
        "type": "object",
        "required": [
          "id",
          "created_at",
          "name",
          "phone_number",
          "version",
          "time_zone",
          "language",
          "is_test"
        ],
        "properties": {
          "id": {
            "type": "integer"
          },
          "created_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "name": {
            "type": "string"
          },
          "phone_number": {
            "description": "E.164",
            "type": "string"
          },
          "version": {
            "description": "Increases with each change",
            "type": "integer"
          },
          "time_zone": {
            "description": "Time zone that decides which day \\"today\\" is; the default of the service when null",
            "anyOf": [
              {
                "minLength": 1,
                "maxLength": 64,
                "description": "IANA time zone name",
                "examples": [
                  "Asia/Kolkata"
                ],
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "language": {
            "description": "Language of the SMS of the last login",
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "is_test": {
            "description": "Created by the fixed code of a test number",
            "type": "boolean"
          }
        }
      },
      "OwnAccount": {
        "title": "Own account",
        "type": "object",
        "required": [
          "data"
        ],
        "properties": {
          "data": {
            "$ref": "#/components/schemas/Account"
          }
        }
      },
      "AccountConflict": {
        "title": "Account conflict",
        "description": "The account has changed; \`current\` is its current state",
        "type": "object",
        "required": [
          "error",
          "code",
          "request_id",
          "current"
        ],
        "properties": {
          "error": {
            "description": "A sentence for people",
            "type": "string"
          },
          "code": {
            "enum": [
              "CHR_VALIDATION",
              "CHR_PHONE_INVALID",
              "CHR_DATE_PAST",
              "CHR_TIME_ZONE_UNKNOWN",
              "CHR_MULTIPART_INVALID",
              "CHR_BAD_REQUEST",
              "CHR_REQUEST_TIMEOUT",
              "CHR_GRANT_UNSUPPORTED",
              "CHR_AUDIENCE_UNKNOWN",
              "CHR_SCOPE_UNKNOWN",
              "CHR_SUBJECT_TOKEN_INVALID",
              "CHR_TOKEN_TYPE_UNSUPPORTED",
              "CHR_CLIENT_INVALID",
              "CHR_UNAUTHENTICATED",
              "CHR_OTP_INVALID",
              "CHR_REAUTHENTICATE",
              "CHR_LINK_EXPIRED",
              "CHR_SIGNATURE_INVALID",
              "CHR_QUOTA_EXCEEDED",
              "CHR_NOT_FOUND",
              "CHR_METHOD_NOT_ALLOWED",
              "CHR_OTP_USED",
              "CHR_PHONE_TAKEN",
              "CHR_VERSION_CONFLICT",
              "CHR_IDEMPOTENCY_CONFLICT",
              "CHR_PRECONDITION_FAILED",
              "CHR_TOO_LARGE",
              "CHR_MEDIA_TYPE",
              "CHR_IMAGE_TYPE",
              "CHR_RANGE_NOT_SATISFIABLE",
              "CHR_IMAGE_BROKEN",
              "CHR_IMAGE_TOO_LARGE",
              "CHR_PHONE_NOT_ALLOWED",
              "CHR_CHANNEL_NOT_ALLOWED",
              "CHR_NAME_REQUIRED",
              "CHR_RATE_LIMITED",
              "CHR_OTP_LOCKED",
              "CHR_HEADERS_TOO_LARGE",
              "CHR_INTERNAL",
              "CHR_UNAVAILABLE"
            ],
            "description": "Programs switch on it; later versions may add codes",
            "examples": [
              "CHR_VALIDATION"
            ],
            "type": "string"
          },
          "request_id": {
            "description": "Also in the log of the service",
            "examples": [
              "Ju3x-1a"
            ],
            "type": "string"
          },
          "details": {
            "description": "Fields, headers or dependencies with a problem",
            "type": "array",
            "items": {
              "type": "object",
              "required": [
                "path",
                "message"
              ],
              "properties": {
                "path": {
                  "type": "string"
                },
                "message": {
                  "type": "string"
                }
              }
            }
          },
          "retry_after": {
            "description": "Seconds until a repeat can succeed, as in \`Retry-After\`; with 429 and 503",
            "examples": [
              57
            ],
            "type": "integer"
          },
          "limit": {
            "description": "Name of the limit that is exceeded; with 429 \`CHR_RATE_LIMITED\`",
            "examples": [
              "sends_per_phone_hour"
            ],
            "type": "string"
          },
          "current": {
            "$ref": "#/components/schemas/Account"
          }
        }
      },
      "Done": {
        "title": "Done",
        "type": "object",
        "required": [
          "success",
          "message"
        ],
        "properties": {
          "success": {
            "type": "boolean",
            "enum": [
              true
            ]
          },
          "message": {
            "type": "string"
          }
        }
      },
      "CalendarFeedState": {
        "title": "Calendar feed state",
        "type": "object",
        "required": [
          "calendar_feed"
        ],
        "properties": {
          "calendar_feed": {
            "description": "null without a feed",
            "anyOf": [
              {
                "type": "object",
                "required": [
                  "created_at"
                ],
                "properties": {
                  "created_at": {
                    "description": "RFC 3339, UTC",
                    "examples": [
                      "2026-11-21T09:30:00.000Z"
                    ],
                    "type": "string"
                  }
                }
              },
              {
                "type": "null"
              }
            ]
          }
        }
      },
      "CalendarFeedAddress": {
        "title": "Calendar feed address",
        "type": "object",
        "required": [
          "url"
        ],
        "properties": {
          "url": {
            "description": "Secret: anyone who has this URL can read the calendar until it is revoked. It is shown only once",
            "type": "string"
          }
        }
      },
      "Export": {
        "title": "Export",
        "type": "object",
        "required": [
          "exported_at",
          "user",
          "sessions",
          "devices",
          "pending_phone_change",
          "creatives"
        ],
        "properties": {
          "exported_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "user": {
            "$ref": "#/components/schemas/Account"
          },
          "sessions": {
            "type": "array",
            "items": {
              "type": "object",
              "required": [
                "id",
                "created_at",
                "last_used_at",
                "expires_at",
                "user_agent",
                "address"
              ],
              "properties": {
                "id": {
                  "type": "integer"
                },
                "created_at": {
                  "description": "RFC 3339, UTC",
                  "examples": [
                    "2026-11-21T09:30:00.000Z"
                  ],
                  "type": "string"
                },
                "last_used_at": {
                  "description": "RFC 3339, UTC",
                  "examples": [
                    "2026-11-21T09:30:00.000Z"
                  ],
                  "type": "string"
                },
                "expires_at": {
                  "description": "RFC 3339, UTC",
                  "examples": [
                    "2026-11-21T09:30:00.000Z"
                  ],
                  "type": "string"
                },
                "user_agent": {
                  "anyOf": [
                    {
                      "type": "string"
                    },
                    {
                      "type": "null"
                    }
                  ]
                },
                "address": {
                  "description": "Masked; the full address is not stored",
                  "anyOf": [
                    {
                      "type": "string"
                    },
                    {
                      "type": "null"
                    }
                  ]
                }
              }
            }
          },
          "devices": {
            "description": "Trusted devices: clients that signed in. Only a hash of the token of each is stored.",
            "type": "array",
            "items": {
              "type": "object",
              "required": [
                "created_at",
                "expires_at"
              ],
              "properties": {
                "created_at": {
                  "description": "RFC 3339, UTC",
                  "examples": [
                    "2026-11-21T09:30:00.000Z"
                  ],
                  "type": "string"
                },
                "expires_at": {
                  "description": "RFC 3339, UTC",
                  "examples": [
                    "2026-11-21T09:30:00.000Z"
                  ],
                  "type": "string"
                }
              }
            }
          },
          "pending_phone_change": {
            "anyOf": [
              {
                "type": "object",
                "required": [
                  "phone_number",
                  "requested_at"
                ],
                "properties": {
                  "phone_number": {
                    "type": "string"
                  },
                  "requested_at": {
                    "description": "RFC 3339, UTC",
                    "examples": [
                      "2026-11-21T09:30:00.000Z"
                    ],
                    "type": "string"
                  }
                }
              },
              {
                "type": "null"
              }
            ]
          },
          "creatives": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/Creative"
            }
          }
        }
      },
      "TheTokenIsGood": {
        "title": "The token is good",
        "type": "object",
        "required": [
          "data"
        ],
        "properties": {
          "data": {
            "type": "string",
            "enum": [
              "Protected"
            ]
          }
        }
      },
      "ScheduledCreatives": {
        "title": "Scheduled creatives",
        "type": "object",
        "required": [
          "scheduled_creatives",
          "dates",
          "next_cursor"
        ],
        "properties": {
          "scheduled_creatives": {
            "type": "object",
            "required": [
              "today",
              "tomorrow"
            ],
            "properties": {
              "today": {
                "type": "array",
                "items": {
                  "$ref": "#/components/schemas/Creative"
                }
              },
              "tomorrow": {
                "type": "array",
                "items": {
                  "$ref": "#/components/schemas/Creative"
                }
              }
            }
          },
          "dates": {
            "type": "object",
            "required": [
              "today",
              "tomorrow",
              "time_zone"
            ],
            "properties": {
              "today": {
                "description": "YYYY-MM-DD; all pages of one cursor have the same date, even past midnight",
                "examples": [
                  "2026-11-21"
                ],
                "type": "string"
              },
              "tomorrow": {
                "examples": [
                  "2026-11-22"
                ],
                "type": "string"
              },
              "time_zone": {
                "description": "The time zone of these dates: \`tz\`, else the user's, else the default of the service",
                "examples": [
                  "Asia/Kolkata"
                ],
                "type": "string"
              }
            }
          },
          "next_cursor": {
            "description": "Cursor of the next page; null on the last page",
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          }
        }
      },
      "Session": {
        "title": "Session",
        "type": "object",
        "required": [
          "id",
          "created_at",
          "last_used_at",
          "expires_at",
          "user_agent",
          "address",
          "current"
        ],
        "properties": {
          "id": {
            "description": "Id of the session; it reveals nothing about the token",
            "type": "integer"
          },
          "created_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "last_used_at": {
            "description": "RFC 3339, UTC; accurate to a minute",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "expires_at": {
            "description": "RFC 3339, UTC; each use extends it",
            "examples": [
              "2026-11-23T09:30:00.000Z"
            ],
            "type": "string"
          },
          "user_agent": {
            "description": "User-Agent of the sign-in, as the client sent it",
            "examples": [
              "curl/8.5.0"
            ],
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "address": {
            "description": "Address of the sign-in, masked",
            "examples": [
              "203.0.113.x",
              "2001:db8:1::x"
            ],
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "null"
              }
            ]
          },
          "current": {
            "description": "True for the session making this request",
            "type": "boolean"
          }
        }
      },
      "Sessions": {
        "title": "Sessions",
        "type": "object",
        "required": [
          "sessions"
        ],
        "properties": {
          "sessions": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/Session"
            }
          }
        }
      },
      "SessionsEnded": {
        "title": "Sessions ended",
        "type": "object",
        "required": [
          "success",
          "message",
          "ended"
        ],
        "properties": {
          "success": {
            "type": "boolean",
            "enum": [
              true
            ]
          },
          "message": {
            "type": "string"
          },
          "ended": {
            "description": "Number of sessions that ended",
            "type": "integer"
          }
        }
      },
      "User": {
        "title": "User",
        "type": "object",
        "required": [
          "id",
          "created_at",
          "name",
          "phone_number",
          "version"
        ],
        "properties": {
          "id": {
            "type": "integer"
          },
          "created_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "name": {
            "type": "string"
          },
          "phone_number": {
            "description": "E.164",
            "type": "string"
          },
          "version": {
            "description": "Increases with each change",
            "type": "integer"
          }
        }
      },
      "SignedIn": {
        "title": "Signed in",
        "type": "object",
        "required": [
          "success",
          "data",
          "message",
          "token",
          "token_expires_at",
          "device_token"
        ],
        "properties": {
          "success": {
            "type": "boolean",
            "enum": [
              true
            ]
          },
          "data": {
            "$ref": "#/components/schemas/User"
          },
          "message": {
            "examples": [
              "User registered successfully"
            ],
            "type": "string"
          },
          "token": {
            "description": "26 characters of base32, for \`Authorization: Bearer\`",
            "pattern": "^[A-Z2-7]{26}$",
            "type": "string"
          },
          "token_expires_at": {
            "description": "RFC 3339, UTC",
            "examples": [
              "2026-11-21T09:30:00.000Z"
            ],
            "type": "string"
          },
          "device_token": {
            "description": "Identifies this client for 90 days: store it and send it with the next \`/login\` and \`/verify\`",
            "pattern": "^[A-Z2-7]{26}$",
            "type": "string"
          }
        }
      },
      "AccessToken": {
        "title": "Access token",
        "type": "object",
        "required": [
          "access_token",
          "issued_token_type",
          "token_type",
          "expires_in"
        ],
        "properties": {
          "access_token": {
            "description": "JWT (RFC 9068)",
            "type": "string"
          },
          "issued_token_type": {
            "type": "string",
            "enum": [
              "urn:ietf:params:oauth:token-type:access_token"
            ]
          },
          "token_type": {
            "type": "string",
            "enum": [
              "Bearer"
            ]
          },
          "expires_in": {
            "description": "Seconds",
            "examples": [
              300
            ],
            "type": "integer"
          }
        }
      },
      "JsonWebKey": {
        "title": "Json web key",
        "type": "object",
        "required": [
          "kty",
          "crv",
          "x",
          "kid",
          "use",
          "alg"
        ],
        "properties": {
          "kty": {
            "type": "string"
          },
          "crv": {
            "type": "string"
          },
          "x": {
            "type": "string"
          },
          "y": {
            "type": "string"
          },
          "kid": {
            "type": "string"
          },
          "use": {
            "type": "string",
            "enum": [
              "sig"
            ]
          },
          "alg": {
            "enum": [
              "ES256",
              "EdDSA"
            ],
            "type": "string"
          }
        }
      },
      "KeySet": {
        "title": "Key set",
        "type": "object",
        "required": [
          "keys"
        ],
        "properties": {
          "keys": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/JsonWebKey"
            }
          }
        }
      },
      "AuthorizationServerMetadata": {
        "title": "Authorization server metadata",
        "type": "object",
        "required": [
          "issuer",
          "token_endpoint",
          "jwks_uri",
          "introspection_endpoint",
          "revocation_endpoint",
          "response_types_supported",
          "grant_types_supported",
          "token_endpoint_auth_methods_supported",
          "introspection_endpoint_auth_methods_supported",
          "revocation_endpoint_auth_methods_supported",
          "service_documentation"
        ],
        "properties": {
          "issuer": {
            "format": "uri",
            "type": "string"
          },
          "token_endpoint": {
            "format": "uri",
            "type": "string"
          },
          "jwks_uri": {
            "format": "uri",
            "type": "string"
          },
          "introspection_endpoint": {
            "format": "uri",
            "type": "string"
          },
          "revocation_endpoint": {
            "format": "uri",
            "type": "string"
          },
          "response_types_supported": {
            "description": "Empty: there is no authorization endpoint",
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "grant_types_supported": {
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "token_endpoint_auth_methods_supported": {
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "introspection_endpoint_auth_methods_supported": {
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "revocation_endpoint_auth_methods_supported": {
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "service_documentation": {
            "format": "uri",
            "type": "string"
          }
        }
      }
    }
  },
  "paths": {
    "/calendar.ics": {
      "get": {
        "operationId": "calendar",
        "summary": "Read the calendar feed",
        "tags": [
          "creatives"
        ],
        "description": "iCalendar with an all-day event for each dated creative of the past year and of the future. At most 2,000 are shown: the next ones first, then the latest past ones; a COMMENT names the dates that are omitted. \`POST /me/calendar-feed\` returns the URL with its key; any other key gets 404.",
        "parameters": [
          {
            "schema": {
              "type": "string"
            },
            "in": "query",
            "name": "key",
            "required": false,
            "description": "Key in the URL of the feed"
          }
        ],
        "responses": {
          "200": {
            "description": "iCalendar (RFC 5545)",
            "content": {
              "text/calendar": {
                "schema": {
                  "type": "string"
                }
              }
            }
          },
          "304": {
            "description": "Not modified"
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/creatives": {
      "get": {
        "operationId": "listCreatives",
        "summary": "List your own creatives",
        "tags": [
          "creatives"
        ],
        "description": "Drafts first, then by date, latest first; newest first within each. Pagination is stable while creatives are added and deleted.",
        "parameters": [
          {
            "schema": {
              "pattern": "^\\\\d{4}-\\\\d{2}-\\\\d{2}$",
              "type": "string"
            },
            "in": "query",
            "name": "from",
            "required": false,
            "description": "First date, YYYY-MM-DD, inclusive"
          },
          {
            "schema": {
              "pattern": "^\\\\d{4}-\\\\d{2}-\\\\d{2}$",
              "type": "string"
            },
            "in": "query",
            "name": "to",
            "required": false,
            "description": "Last date, YYYY-MM-DD, inclusive; not before \`from\`"
          },
          {
            "schema": {
              "anyOf": [
                {
                  "type": "string",
                  "enum": [
                    "include"
                  ]
                },
                {
                  "type": "string",
                  "enum": [
                    "exclude"
                  ]
                },
                {
                  "type": "string",
                  "enum": [
                    "only"
                  ]
                }
              ]
            },
            "in": "query",
            "name": "drafts",
            "required": false,
            "description": "Whether creatives without a date are listed. Default: \`exclude\` with \`from\` or \`to\`, else \`include\`"
          },
          {
            "schema": {
              "default": 100,
              "minimum": 1,
              "maximum": 500,
              "type": "integer"
            },
            "in": "query",
            "name": "limit",
            "required": false,
            "description": "Most creatives of a page"
          },
          {
            "schema": {
              "minLength": 1,
              "maxLength": 200,
              "type": "string"
            },
            "in": "query",
            "name": "cursor",
            "required": false,
            "description": "\`next_cursor\` of the previous page; repeat the other parameters of that page unchanged"
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Own creatives",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OwnCreatives"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/creatives/{id}": {
      "get": {
        "operationId": "getCreative",
        "summary": "Get a creative",
        "tags": [
          "creatives"
        ],
        "description": "Visible to its owner; while it is due and \`SCHEDULE_VISIBILITY\` is \`shared\`, visible to everyone signed in. Send the ETag as If-Match to change it.",
        "parameters": [
          {
            "schema": {
              "minimum": 1,
              "maximum": 9007199254740991,
              "type": "integer"
            },
            "in": "path",
            "name": "id",
            "required": true
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "One creative",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OneCreative"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      },
      "patch": {
        "operationId": "changeCreative",
        "summary": "Change the date or the texts of a creative",
        "tags": [
          "creatives"
        ],
        "description": "Send the \`version\` or the ETag (\`If-Match\`) that you have seen. If it is not the current one, nothing changes, and 409 \`CHR_VERSION_CONFLICT\` or 412 \`CHR_PRECONDITION_FAILED\` returns the current state.",
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "additionalProperties": false,
                "type": "object",
                "properties": {
                  "scheduled_at": {
                    "anyOf": [
                      {
                        "minLength": 1,
                        "maxLength": 32,
                        "description": "YYYY-MM-DD, today or later if it changes; null makes the creative a draft",
                        "type": "string"
                      },
                      {
                        "type": "null"
                      }
                    ]
                  },
                  "tz": {
                    "minLength": 1,
                    "maxLength": 64,
                    "description": "IANA time zone that decides which date is today",
                    "examples": [
                      "UTC"
                    ],
                    "type": "string"
                  },
                  "title": {
                    "anyOf": [
                      {
                        "maxLength": 400,
                        "description": "Title; at most 100 characters",
                        "type": "string"
                      },
                      {
                        "type": "null"
                      }
                    ]
                  },
                  "alt_text": {
                    "anyOf": [
                      {
                        "maxLength": 2000,
                        "description": "Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters",
                        "type": "string"
                      },
                      {
                        "type": "null"
                      }
                    ]
                  },
                  "version": {
                    "minimum": 1,
                    "maximum": 2147483647,
                    "description": "The version that you have seen; required without If-Match",
                    "type": "integer"
                  }
                }
              },
              "example": {
                "title": "Diwali",
                "alt_text": "A row of oil lamps",
                "version": 1
              }
            }
          }
        },
        "parameters": [
          {
            "schema": {
              "minimum": 1,
              "maximum": 9007199254740991,
              "type": "integer"
            },
            "in": "path",
            "name": "id",
            "required": true
          },
          {
            "schema": {
              "type": "string"
            },
            "in": "header",
            "name": "if-match",
            "required": false,
            "description": "The ETag that you have seen"
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "One creative",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OneCreative"
                }
              }
            }
          },
          "409": {
            "description": "The creative has changed; \`current\` is its current state",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/CreativeConflict"
                }
              }
            }
          },
          "412": {
            "description": "The creative has changed; \`current\` is its current state",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/CreativeConflict"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      },
      "delete": {
        "operationId": "deleteCreative",
        "summary": "Delete a creative",
        "tags": [
          "creatives"
        ],
        "description": "The creative disappears for everyone at once. Its owner can restore it for 10 minutes; then its image is deleted permanently.",
        "parameters": [
          {
            "schema": {
              "minimum": 1,
              "maximum": 9007199254740991,
              "type": "integer"
            },
            "in": "path",
            "name": "id",
            "required": true
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "204": {
            "description": "Deleted"
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/creatives/{id}/restore": {
      "post": {
        "operationId": "restoreCreative",
        "summary": "Restore a deleted creative",
        "tags": [
          "creatives"
        ],
        "description": "Works within 10 minutes of the deletion; later it returns 404.",
        "parameters": [
          {
            "schema": {
              "minimum": 1,
              "maximum": 9007199254740991,
              "type": "integer"
            },
            "in": "path",
            "name": "id",
            "required": true
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "One creative",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OneCreative"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/creatives/{id}/image": {
      "put": {
        "operationId": "replaceImage",
        "summary": "Replace the image of a creative",
        "tags": [
          "creatives"
        ],
        "description": "With \`If-Match\` or the field \`version\`, only the version that you have seen is replaced; otherwise 412 \`CHR_PRECONDITION_FAILED\` or 409 \`CHR_VERSION_CONFLICT\` returns the current state.",
        "requestBody": {
          "required": true,
          "content": {
            "multipart/form-data": {
              "schema": {
                "type": "object",
                "required": [
                  "file"
                ],
                "properties": {
                  "file": {
                    "type": "string",
                    "format": "binary",
                    "description": "JPEG, PNG, GIF, WebP or AVIF, at most 10 MiB"
                  },
                  "version": {
                    "description": "The version that you have seen",
                    "type": "integer"
                  }
                }
              }
            }
          }
        },
        "parameters": [
          {
            "schema": {
              "minimum": 1,
              "maximum": 9007199254740991,
              "type": "integer"
            },
            "in": "path",
            "name": "id",
            "required": true
          },
          {
            "schema": {
              "type": "string"
            },
            "in": "header",
            "name": "if-match",
            "required": false,
            "description": "The version that you have seen, as an entity tag such as \\"1\\""
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Upload taken",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/UploadTaken"
                }
              }
            }
          },
          "409": {
            "description": "The creative has changed; \`current\` is its current state",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/CreativeConflict"
                }
              }
            }
          },
          "412": {
            "description": "The creative has changed; \`current\` is its current state",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/CreativeConflict"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      },
      "get": {
        "operationId": "getImage",
        "summary": "Get the image of a creative",
        "tags": [
          "creatives"
        ],
        "description": "Use a signed URL (\`creative_url\`, \`preview_url\`, \`thumbnail_url\`), or the token of a user who may see the creative.",
        "parameters": [
          {
            "schema": {
              "default": "original",
              "anyOf": [
                {
                  "type": "string",
                  "enum": [
                    "original"
                  ]
                },
                {
                  "type": "string",
                  "enum": [
                    "preview"
                  ]
                },
                {
                  "type": "string",
                  "enum": [
                    "thumbnail"
                  ]
                }
              ]
            },
            "in": "query",
            "name": "variant",
            "required": false,
            "description": "\`preview\` and \`thumbnail\` are WebP"
          },
          {
            "schema": {
              "minimum": 0,
              "maximum": 9007199254740991,
              "type": "integer"
            },
            "in": "query",
            "name": "expires",
            "required": false,
            "description": "Unix seconds"
          },
          {
            "schema": {
              "maxLength": 64,
              "type": "string"
            },
            "in": "query",
            "name": "signature",
            "required": false,
            "description": "Signature of the URL"
          },
          {
            "schema": {
              "minimum": 1,
              "maximum": 9007199254740991,
              "type": "integer"
            },
            "in": "path",
            "name": "id",
            "required": true
          },
          {
            "schema": {
              "type": "string"
            },
            "in": "header",
            "name": "if-none-match",
            "required": false,
            "description": "304 if you have this ETag"
          },
          {
            "schema": {
              "type": "string"
            },
            "in": "header",
            "name": "range",
            "required": false,
            "description": "One range of bytes, such as bytes=0-1023; several ranges return the whole image"
          },
          {
            "schema": {
              "type": "string"
            },
            "in": "header",
            "name": "if-range",
            "required": false,
            "description": "Returns the range only if this is the current ETag, else the whole image"
          }
        ],
        "security": [
          {
            "bearer": []
          },
          {}
        ],
        "responses": {
          "200": {
            "description": "The image",
            "content": {
              "image/jpeg": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              },
              "image/png": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              },
              "image/gif": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              },
              "image/webp": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              },
              "image/avif": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              }
            }
          },
          "206": {
            "description": "The requested range",
            "content": {
              "image/jpeg": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              },
              "image/png": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              },
              "image/gif": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              },
              "image/webp": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              },
              "image/avif": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              }
            }
          },
          "304": {
            "description": "Not modified"
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/deliveries/{id}": {
      "get": {
        "operationId": "delivery",
        "summary": "Status of an SMS",
        "tags": [
          "login"
        ],
        "description": "Available for a day. The id is the only credential: it cannot be guessed, and the reply does not identify the phone number. If WhatsApp does not deliver a code, it becomes the status of the SMS that follows, and \`channel\` says so.",
        "parameters": [
          {
            "schema": {
              "pattern": "^[A-Za-z0-9_-]{22}$",
              "type": "string"
            },
            "in": "path",
            "name": "id",
            "required": true,
            "description": "\`delivery_id\` of the reply that announced the SMS"
          }
        ],
        "responses": {
          "200": {
            "description": "Delivery",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Delivery"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/dev/inbox": {
      "get": {
        "operationId": "inbox",
        "summary": "The SMS inbox as an HTML page or JSON",
        "tags": [
          "development"
        ],
        "parameters": [
          {
            "schema": {
              "minLength": 1,
              "maxLength": 64,
              "pattern": "^[\\\\s\\\\p{Cf}]*[^\\\\p{Cc}]*[\\\\s\\\\p{Cf}]*$",
              "type": "string"
            },
            "example": "+918123456789",
            "in": "query",
            "name": "to",
            "required": false,
            "description": "International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed."
          }
        ],
        "responses": {
          "200": {
            "description": "HTML unless Accept names application/json",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Inbox"
                }
              },
              "text/html": {
                "schema": {
                  "type": "string"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/dev/inbox.json": {
      "get": {
        "operationId": "inboxJson",
        "summary": "The SMS inbox as JSON, newest first",
        "tags": [
          "development"
        ],
        "parameters": [
          {
            "schema": {
              "minLength": 1,
              "maxLength": 64,
              "pattern": "^[\\\\s\\\\p{Cf}]*[^\\\\p{Cc}]*[\\\\s\\\\p{Cf}]*$",
              "type": "string"
            },
            "example": "+918123456789",
            "in": "query",
            "name": "to",
            "required": false,
            "description": "International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed."
          }
        ],
        "responses": {
          "200": {
            "description": "Inbox",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Inbox"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/forward-auth": {
      "get": {
        "operationId": "forwardAuth",
        "summary": "Check a token for a proxy",
        "tags": [
          "login"
        ],
        "description": "For \`auth_request\` of nginx and its like in other proxies. The same applies to every other method and to every path below this one. The body is not read. With \`audience\`, \`Authorization\` of the answer has a JWT for that service, and is empty without it.",
        "parameters": [
          {
            "schema": {
              "type": "string"
            },
            "example": "https://orders.example.com",
            "in": "query",
            "name": "audience",
            "required": false,
            "description": "One of \`JWT_AUDIENCES\`; the first one counts"
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "204": {
            "description": "Signed in"
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/health/live": {
      "get": {
        "operationId": "live",
        "summary": "Whether the process runs",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "Liveness",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Liveness"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/health/ready": {
      "get": {
        "operationId": "ready",
        "summary": "Whether every dependency answers",
        "tags": [
          "operations"
        ],
        "description": "Answers 503 with the names of the dependencies that do not answer or refuse writes, or with \`service\` from the stop signal on. \`degraded\` means that the service works but needs an operator, for example because an SMS provider (\`sms:...\`) refuses the credentials.",
        "responses": {
          "200": {
            "description": "Readiness",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Readiness"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/introspect": {
      "post": {
        "operationId": "introspectToken",
        "summary": "Check a token of a client of another service",
        "tags": [
          "tokens"
        ],
        "description": "OAuth token introspection (RFC 7662), as a form. The session is looked up, so that a token is inactive as soon as its session has ended. The token of a session counts as used; a JWT never extends its session.",
        "requestBody": {
          "required": true,
          "content": {
            "application/x-www-form-urlencoded": {
              "schema": {
                "type": "object",
                "required": [
                  "token"
                ],
                "properties": {
                  "token": {
                    "minLength": 1,
                    "maxLength": 8192,
                    "description": "The token of a session, or a JWT of the service",
                    "type": "string"
                  },
                  "token_type_hint": {
                    "maxLength": 200,
                    "description": "Ignored: the form of a token tells its type",
                    "type": "string"
                  }
                }
              }
            }
          }
        },
        "security": [
          {
            "basic": []
          }
        ],
        "responses": {
          "200": {
            "description": "Introspection",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Introspection"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused or failed. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OAuthFailure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused or failed. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OAuthFailure"
                }
              }
            }
          }
        }
      }
    },
    "/login": {
      "post": {
        "operationId": "login",
        "summary": "Log in: send a code",
        "tags": [
          "login"
        ],
        "description": "The answer does not depend on whether the number has an account.",
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "additionalProperties": false,
                "type": "object",
                "required": [
                  "phone_number"
                ],
                "properties": {
                  "phone_number": {
                    "minLength": 1,
                    "maxLength": 64,
                    "pattern": "^[\\\\s\\\\p{Cf}]*[^\\\\p{Cc}]*[\\\\s\\\\p{Cf}]*$",
                    "description": "International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.",
                    "examples": [
                      "+918123456789"
                    ],
                    "type": "string"
                  },
                  "device_token": {
                    "pattern": "^[A-Z2-7]{26}$",
                    "description": "From the last login of this client. Gives it its own small allowance of sends and attempts; it does not replace a code.",
                    "type": "string"
                  },
                  "locale": {
                    "minLength": 2,
                    "maxLength": 35,
                    "format": "language-tag",
                    "description": "Language of the SMS as a BCP 47 tag. Without it, or without a text in that language, \`Accept-Language\` decides.",
                    "examples": [
                      "pt-BR"
                    ],
                    "type": "string"
                  },
                  "channel": {
                    "type": "string",
                    "enum": [
                      "sms",
                      "whatsapp",
                      "whatsapp_only"
                    ],
                    "description": "Channel of the code, \`sms\` by default. If WhatsApp does not deliver it, the code follows by SMS after \`whatsapp\`, and does not after \`whatsapp_only\`. 422 \`CHR_CHANNEL_NOT_ALLOWED\` if the service does not offer the channel."
                  },
                  "app_hash": {
                    "maxLength": 64,
                    "description": "Hash of the Android app that reads the SMS, one of those that the operator has configured; 400 \`CHR_VALIDATION\` for another",
                    "examples": [
                      "FA+9qCX9VSu"
                    ],
                    "type": "string"
                  }
                }
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Code sent",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/CodeSent"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/logout": {
      "post": {
        "operationId": "logout",
        "summary": "End the session of this token",
        "tags": [
          "sessions"
        ],
        "description": "The request has no body. The token is refused from the next request on.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Session ended",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/SessionEnded"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/me": {
      "get": {
        "operationId": "me",
        "summary": "Get the account of the signed-in user",
        "tags": [
          "account"
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Own account",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OwnAccount"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      },
      "patch": {
        "operationId": "changeMe",
        "summary": "Change name or time zone",
        "tags": [
          "account"
        ],
        "description": "Send the \`version\` that you have seen. If it is not the current one, nothing changes, and 409 \`CHR_VERSION_CONFLICT\` contains the current state.",
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "additionalProperties": false,
                "type": "object",
                "required": [
                  "version"
                ],
                "properties": {
                  "name": {
                    "minLength": 1,
                    "maxLength": 200,
                    "description": "1 to 100 visible characters after trimming. Control and direction marks are refused, and joiners outside words and emoji.",
                    "examples": [
                      "Asha"
                    ],
                    "type": "string"
                  },
                  "time_zone": {
                    "anyOf": [
                      {
                        "minLength": 1,
                        "maxLength": 64,
                        "description": "IANA time zone name",
                        "examples": [
                          "Asia/Kolkata"
                        ],
                        "type": "string"
                      },
                      {
                        "type": "null"
                      }
                    ]
                  },
                  "version": {
                    "minimum": 1,
                    "maximum": 2147483647,
                    "description": "The version that you have seen; the change is refused if it is not the current one",
                    "type": "integer"
                  }
                }
              },
              "example": {
                "name": "Asha",
                "time_zone": "Asia/Kolkata",
                "version": 1
              }
            }
          }
        },
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Own account",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OwnAccount"
                }
              }
            }
          },
          "409": {
            "description": "The account has changed; \`current\` is its current state",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/AccountConflict"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      },
      "delete": {
        "operationId": "deleteMe",
        "summary": "Delete the account",
        "tags": [
          "account"
        ],
        "description": "Deletes all its data: sessions, creatives and their images, live codes. Requires a login within the last 10 minutes, or answers 403 \`CHR_REAUTHENTICATE\`.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Done",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Done"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/me/calendar-feed": {
      "get": {
        "operationId": "calendarFeed",
        "summary": "Whether there is a calendar feed, and since when",
        "tags": [
          "account"
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Calendar feed state",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/CalendarFeedState"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      },
      "post": {
        "operationId": "createCalendarFeed",
        "summary": "Make a secret address for calendar programs",
        "tags": [
          "account"
        ],
        "description": "It revokes an earlier feed. A feed stays valid when sessions end; \`DELETE\` revokes it.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Calendar feed address",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/CalendarFeedAddress"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      },
      "delete": {
        "operationId": "revokeCalendarFeed",
        "summary": "End the calendar feed",
        "tags": [
          "account"
        ],
        "description": "Answers 404 if there is no feed.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "204": {
            "description": "Ended"
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/me/export": {
      "get": {
        "operationId": "exportMe",
        "summary": "Export all data stored about you",
        "tags": [
          "account"
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Export",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Export"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/me/phone-number": {
      "post": {
        "operationId": "changePhoneNumber",
        "summary": "Move to another phone number: send a code to it",
        "tags": [
          "account"
        ],
        "description": "Answers like \`/login\`. A later request replaces this one. The old number stays valid for logins until the code is verified. Requires a login within the last 10 minutes, or answers 403 \`CHR_REAUTHENTICATE\`.",
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "additionalProperties": false,
                "type": "object",
                "required": [
                  "phone_number"
                ],
                "properties": {
                  "phone_number": {
                    "minLength": 1,
                    "maxLength": 64,
                    "pattern": "^[\\\\s\\\\p{Cf}]*[^\\\\p{Cc}]*[\\\\s\\\\p{Cf}]*$",
                    "description": "International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.",
                    "examples": [
                      "+918123456789"
                    ],
                    "type": "string"
                  },
                  "locale": {
                    "minLength": 2,
                    "maxLength": 35,
                    "format": "language-tag",
                    "description": "Language of the SMS as a BCP 47 tag. Without it, or without a text in that language, \`Accept-Language\` decides.",
                    "examples": [
                      "pt-BR"
                    ],
                    "type": "string"
                  },
                  "channel": {
                    "type": "string",
                    "enum": [
                      "sms",
                      "whatsapp",
                      "whatsapp_only"
                    ],
                    "description": "Channel of the code, \`sms\` by default. If WhatsApp does not deliver it, the code follows by SMS after \`whatsapp\`, and does not after \`whatsapp_only\`. 422 \`CHR_CHANNEL_NOT_ALLOWED\` if the service does not offer the channel."
                  },
                  "app_hash": {
                    "maxLength": 64,
                    "description": "Hash of the Android app that reads the SMS, one of those that the operator has configured; 400 \`CHR_VALIDATION\` for another",
                    "examples": [
                      "FA+9qCX9VSu"
                    ],
                    "type": "string"
                  }
                }
              }
            }
          }
        },
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Code sent",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/CodeSent"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/me/phone-number/pending": {
      "delete": {
        "operationId": "cancelPhoneNumber",
        "summary": "Cancel the change of phone number",
        "tags": [
          "account"
        ],
        "description": "The code that was sent is no longer valid. Answers 404 if no change is pending.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Done",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Done"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/me/phone-number/verify": {
      "post": {
        "operationId": "verifyPhoneNumber",
        "summary": "Move to another phone number: verify its code",
        "tags": [
          "account"
        ],
        "description": "All other sessions end, and the old number is notified by SMS. If another account has the number, the right code answers 409 \`CHR_PHONE_TAKEN\` up to five times and stays valid; the same code with \`take_over: true\` moves the number. A repeat of a code that was used a moment ago answers 409 \`CHR_OTP_USED\`.",
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "additionalProperties": false,
                "type": "object",
                "required": [
                  "otp"
                ],
                "properties": {
                  "otp": {
                    "minLength": 4,
                    "maxLength": 64,
                    "description": "The 4 to 10 digits of the SMS, in any script. Spaces, dashes, dots, slashes, brackets and invisible characters between and around them are ignored; any other character is refused.",
                    "examples": [
                      "123456"
                    ],
                    "type": "string"
                  },
                  "take_over": {
                    "description": "Moves the number although another account has it, as 409 \`CHR_PHONE_TAKEN\` says. That account loses its number, sessions and trusted devices, and is deleted after 30 days.",
                    "type": "boolean"
                  }
                }
              }
            }
          }
        },
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Own account",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OwnAccount"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/metrics": {
      "get": {
        "operationId": "metrics",
        "summary": "Metrics for Prometheus",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "Text exposition format",
            "content": {
              "text/plain": {
                "schema": {
                  "type": "string"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/protected": {
      "get": {
        "operationId": "protected",
        "summary": "Check whether a token is valid",
        "tags": [
          "login"
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "The token is good",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/TheTokenIsGood"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/revoke": {
      "post": {
        "operationId": "revokeToken",
        "summary": "End the session of a token",
        "tags": [
          "tokens"
        ],
        "description": "OAuth token revocation (RFC 7009), as a form. It ends the session as \`POST /logout\` does, and answers 200 for an unknown token too. JWTs of the session stay valid until their end where a service checks their signature alone.",
        "requestBody": {
          "required": true,
          "content": {
            "application/x-www-form-urlencoded": {
              "schema": {
                "type": "object",
                "required": [
                  "token"
                ],
                "properties": {
                  "token": {
                    "minLength": 1,
                    "maxLength": 8192,
                    "description": "The token of a session",
                    "type": "string"
                  },
                  "token_type_hint": {
                    "maxLength": 200,
                    "description": "Ignored: the form of a token tells its type",
                    "type": "string"
                  }
                }
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "The token is not valid, or no longer"
          },
          "4XX": {
            "description": "The request was refused or failed. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OAuthFailure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused or failed. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OAuthFailure"
                }
              }
            }
          }
        }
      }
    },
    "/scheduled": {
      "get": {
        "operationId": "listScheduled",
        "summary": "List the creatives of today and tomorrow",
        "tags": [
          "creatives"
        ],
        "description": "Dates are those of the time zone \`tz\`, else the user's, else the default of the service; \`dates\` returns them. Newest first; \`limit\` and \`cursor\` page through both days together.",
        "parameters": [
          {
            "schema": {
              "minLength": 1,
              "maxLength": 64,
              "type": "string"
            },
            "example": "UTC",
            "in": "query",
            "name": "tz",
            "required": false,
            "description": "IANA time zone that decides which date is today"
          },
          {
            "schema": {
              "type": "string",
              "enum": [
                "me"
              ]
            },
            "in": "query",
            "name": "owner",
            "required": false,
            "description": "Only your own creatives"
          },
          {
            "schema": {
              "default": 100,
              "minimum": 1,
              "maximum": 500,
              "type": "integer"
            },
            "in": "query",
            "name": "limit",
            "required": false,
            "description": "Most creatives of each day"
          },
          {
            "schema": {
              "minLength": 1,
              "maxLength": 200,
              "type": "string"
            },
            "in": "query",
            "name": "cursor",
            "required": false,
            "description": "\`next_cursor\` of the previous page; repeat the other parameters of that page unchanged"
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Scheduled creatives",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/ScheduledCreatives"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/sessions": {
      "get": {
        "operationId": "listSessions",
        "summary": "List the sessions of the signed-in user",
        "tags": [
          "sessions"
        ],
        "description": "Lists the valid sessions, the latest use first.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Sessions",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Sessions"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      },
      "delete": {
        "operationId": "endSessions",
        "summary": "End all other sessions, or every one",
        "tags": [
          "sessions"
        ],
        "description": "Their tokens are refused from the next request on.",
        "parameters": [
          {
            "schema": {
              "type": "boolean"
            },
            "in": "query",
            "name": "all",
            "required": false,
            "description": "Also end the session making this request"
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Sessions ended",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/SessionsEnded"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/sessions/{id}": {
      "delete": {
        "operationId": "endSession",
        "summary": "End a session",
        "tags": [
          "sessions"
        ],
        "description": "Its token is refused from the next request on. Answers 404 for an unknown session, an ended one, and one of another user.",
        "parameters": [
          {
            "schema": {
              "minimum": 1,
              "maximum": 9007199254740991,
              "type": "integer"
            },
            "in": "path",
            "name": "id",
            "required": true
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Session ended",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/SessionEnded"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/signup": {
      "post": {
        "operationId": "signup",
        "summary": "Sign up: send a code, or verify one",
        "tags": [
          "login"
        ],
        "description": "Without \`otp\` it sends a code, and \`name\` is required. With \`otp\` it does the same as \`/verify\`.",
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "additionalProperties": false,
                "type": "object",
                "required": [
                  "phone_number"
                ],
                "properties": {
                  "name": {
                    "minLength": 1,
                    "maxLength": 200,
                    "description": "1 to 100 visible characters after trimming. Control and direction marks are refused, and joiners outside words and emoji.",
                    "examples": [
                      "Asha"
                    ],
                    "type": "string"
                  },
                  "phone_number": {
                    "minLength": 1,
                    "maxLength": 64,
                    "pattern": "^[\\\\s\\\\p{Cf}]*[^\\\\p{Cc}]*[\\\\s\\\\p{Cf}]*$",
                    "description": "International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.",
                    "examples": [
                      "+918123456789"
                    ],
                    "type": "string"
                  },
                  "otp": {
                    "minLength": 4,
                    "maxLength": 64,
                    "description": "The 4 to 10 digits of the SMS, in any script. Spaces, dashes, dots, slashes, brackets and invisible characters between and around them are ignored; any other character is refused.",
                    "examples": [
                      "123456"
                    ],
                    "type": "string"
                  },
                  "device_token": {
                    "pattern": "^[A-Z2-7]{26}$",
                    "description": "From the last login of this client. Gives it its own small allowance of sends and attempts; it does not replace a code.",
                    "type": "string"
                  },
                  "locale": {
                    "minLength": 2,
                    "maxLength": 35,
                    "format": "language-tag",
                    "description": "Language of the SMS as a BCP 47 tag. Without it, or without a text in that language, \`Accept-Language\` decides.",
                    "examples": [
                      "pt-BR"
                    ],
                    "type": "string"
                  },
                  "channel": {
                    "type": "string",
                    "enum": [
                      "sms",
                      "whatsapp",
                      "whatsapp_only"
                    ],
                    "description": "Channel of the code, \`sms\` by default. If WhatsApp does not deliver it, the code follows by SMS after \`whatsapp\`, and does not after \`whatsapp_only\`. 422 \`CHR_CHANNEL_NOT_ALLOWED\` if the service does not offer the channel."
                  },
                  "app_hash": {
                    "maxLength": 64,
                    "description": "Hash of the Android app that reads the SMS, one of those that the operator has configured; 400 \`CHR_VALIDATION\` for another",
                    "examples": [
                      "FA+9qCX9VSu"
                    ],
                    "type": "string"
                  }
                }
              },
              "example": {
                "name": "Asha",
                "phone_number": "+918123456789"
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Without \`otp\`: code sent; with it: signed in",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Without \`otp\`: code sent; with it: signed in",
                  "anyOf": [
                    {
                      "$ref": "#/components/schemas/CodeSent"
                    },
                    {
                      "$ref": "#/components/schemas/SignedIn"
                    }
                  ]
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/token": {
      "post": {
        "operationId": "exchangeToken",
        "summary": "Exchange the token of a session for a JWT",
        "tags": [
          "tokens"
        ],
        "description": "OAuth token exchange (RFC 8693), as a form. The JWT is valid for minutes and for one audience, whose service verifies it with the keys of \`/.well-known/jwks.json\`. It counts as a use of the session.",
        "requestBody": {
          "required": true,
          "content": {
            "application/x-www-form-urlencoded": {
              "schema": {
                "type": "object",
                "required": [
                  "grant_type",
                  "subject_token",
                  "subject_token_type",
                  "audience"
                ],
                "properties": {
                  "grant_type": {
                    "maxLength": 200,
                    "examples": [
                      "urn:ietf:params:oauth:grant-type:token-exchange"
                    ],
                    "type": "string"
                  },
                  "subject_token": {
                    "maxLength": 8192,
                    "description": "The token of a session, as \`POST /verify\` returned it",
                    "type": "string"
                  },
                  "subject_token_type": {
                    "maxLength": 200,
                    "examples": [
                      "urn:ietf:params:oauth:token-type:access_token"
                    ],
                    "type": "string"
                  },
                  "audience": {
                    "maxLength": 500,
                    "description": "One of \`JWT_AUDIENCES\`, or the issuer for the routes of this service",
                    "examples": [
                      "https://orders.example.com"
                    ],
                    "type": "string"
                  },
                  "requested_token_type": {
                    "maxLength": 200,
                    "examples": [
                      "urn:ietf:params:oauth:token-type:access_token"
                    ],
                    "type": "string"
                  },
                  "resource": {
                    "description": "Refused: services are named by \`audience\`",
                    "type": "string"
                  },
                  "scope": {
                    "description": "Refused: the service has no scopes",
                    "type": "string"
                  },
                  "actor_token": {
                    "description": "Refused: the service has no delegation",
                    "type": "string"
                  }
                }
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Access token",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/AccessToken"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused or failed. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OAuthFailure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused or failed. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/OAuthFailure"
                }
              }
            }
          }
        }
      }
    },
    "/upload-creative": {
      "post": {
        "operationId": "uploadCreative",
        "summary": "Upload an image for a date",
        "tags": [
          "creatives"
        ],
        "description": "Metadata is removed from the image; its pixels do not change. Repeating an upload with the same \`Idempotency-Key\` returns the same creative.",
        "requestBody": {
          "required": true,
          "content": {
            "multipart/form-data": {
              "schema": {
                "type": "object",
                "required": [
                  "file"
                ],
                "properties": {
                  "file": {
                    "type": "string",
                    "format": "binary",
                    "description": "JPEG, PNG, GIF, WebP or AVIF, at most 10 MiB"
                  },
                  "scheduled_at": {
                    "format": "date",
                    "description": "YYYY-MM-DD, today or later; without it, the creative is a draft",
                    "type": "string"
                  },
                  "tz": {
                    "minLength": 1,
                    "maxLength": 64,
                    "description": "IANA time zone that decides which date is today",
                    "examples": [
                      "UTC"
                    ],
                    "type": "string"
                  },
                  "title": {
                    "description": "Title; at most 100 characters",
                    "examples": [
                      "Diwali"
                    ],
                    "type": "string"
                  },
                  "alt_text": {
                    "description": "Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF; at most 500 characters",
                    "examples": [
                      "A row of oil lamps"
                    ],
                    "type": "string"
                  }
                }
              }
            }
          }
        },
        "parameters": [
          {
            "schema": {
              "type": "string"
            },
            "in": "header",
            "name": "idempotency-key",
            "required": false,
            "description": "1 to 255 visible ASCII characters, valid for 24 hours"
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Upload taken",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/UploadTaken"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/verify": {
      "post": {
        "operationId": "verify",
        "summary": "Verify a code and get a token",
        "tags": [
          "login"
        ],
        "description": "Registers the number or logs it in. For a new number without a name it answers 422 \`CHR_NAME_REQUIRED\`, and the code stays valid. A repeat of a code that was used a moment ago answers 409 \`CHR_OTP_USED\`, without a token.",
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "additionalProperties": false,
                "type": "object",
                "required": [
                  "phone_number",
                  "otp"
                ],
                "properties": {
                  "phone_number": {
                    "minLength": 1,
                    "maxLength": 64,
                    "pattern": "^[\\\\s\\\\p{Cf}]*[^\\\\p{Cc}]*[\\\\s\\\\p{Cf}]*$",
                    "description": "International form, or the national form of the default region. Digits of any script, spaces, dashes, dots, slashes, round and square brackets, and invisible characters are accepted, and older spellings of a number whose plan has changed.",
                    "examples": [
                      "+918123456789"
                    ],
                    "type": "string"
                  },
                  "otp": {
                    "minLength": 4,
                    "maxLength": 64,
                    "description": "The 4 to 10 digits of the SMS, in any script. Spaces, dashes, dots, slashes, brackets and invisible characters between and around them are ignored; any other character is refused.",
                    "examples": [
                      "123456"
                    ],
                    "type": "string"
                  },
                  "name": {
                    "minLength": 1,
                    "maxLength": 200,
                    "description": "1 to 100 visible characters after trimming. Control and direction marks are refused, and joiners outside words and emoji.",
                    "examples": [
                      "Asha"
                    ],
                    "type": "string"
                  },
                  "device_token": {
                    "pattern": "^[A-Z2-7]{26}$",
                    "description": "From the last login of this client. Gives it its own small allowance of sends and attempts; it does not replace a code.",
                    "type": "string"
                  }
                }
              },
              "example": {
                "phone_number": "+918123456789",
                "otp": "123456"
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Signed in",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/SignedIn"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/webhooks/twilio/status": {
      "post": {
        "operationId": "twilioStatus",
        "summary": "Status callback of Twilio",
        "tags": [
          "webhooks"
        ],
        "description": "Signed by \`X-Twilio-Signature\` for the address under \`PUBLIC_URL\`, else 403 \`CHR_SIGNATURE_INVALID\`. Repeated, late and unordered reports are accepted, and so are reports about unknown messages.",
        "requestBody": {
          "required": true,
          "content": {
            "application/x-www-form-urlencoded": {
              "schema": {
                "type": "object",
                "required": [
                  "MessageSid",
                  "MessageStatus"
                ],
                "properties": {
                  "MessageSid": {
                    "minLength": 1,
                    "maxLength": 64,
                    "type": "string"
                  },
                  "MessageStatus": {
                    "maxLength": 64,
                    "examples": [
                      "delivered"
                    ],
                    "type": "string"
                  },
                  "ErrorCode": {
                    "maxLength": 16,
                    "examples": [
                      "30003"
                    ],
                    "type": "string"
                  }
                }
              }
            }
          }
        },
        "parameters": [
          {
            "schema": {
              "pattern": "^[A-Za-z0-9_-]{22}$",
              "type": "string"
            },
            "in": "query",
            "name": "delivery",
            "required": false,
            "description": "\`delivery_id\` of the reply that announced the SMS"
          }
        ],
        "responses": {
          "204": {
            "description": "Recorded"
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/.well-known/jwks.json": {
      "get": {
        "operationId": "getKeySet",
        "summary": "The public keys of JWTs",
        "tags": [
          "tokens"
        ],
        "description": "JWK set (RFC 7517). A key is published a day before it signs, and a day after.",
        "responses": {
          "200": {
            "description": "Key set",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/KeySet"
                }
              }
            }
          },
          "304": {
            "description": "Not modified"
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    },
    "/.well-known/oauth-authorization-server": {
      "get": {
        "operationId": "getServerMetadata",
        "summary": "What this authorization server supports",
        "tags": [
          "tokens"
        ],
        "description": "Metadata of OAuth (RFC 8414).",
        "responses": {
          "200": {
            "description": "Authorization server metadata",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/AuthorizationServerMetadata"
                }
              }
            }
          },
          "4XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          },
          "5XX": {
            "description": "The request was refused (4xx) or failed (5xx); \`code\` says why. 429 and 503 have \`Retry-After\`, in seconds.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Failure"
                }
              }
            }
          }
        }
      }
    }
  },
  "tags": [
    {
      "name": "login",
      "description": "Verify a phone number and get a token"
    },
    {
      "name": "account",
      "description": "The account of the signed-in user"
    },
    {
      "name": "sessions",
      "description": "List and end sessions"
    },
    {
      "name": "tokens",
      "description": "JWTs that other services check"
    },
    {
      "name": "creatives",
      "description": "Images for calendar dates"
    },
    {
      "name": "webhooks",
      "description": "Status callbacks of SMS providers"
    },
    {
      "name": "operations",
      "description": "Health and metrics"
    },
    {
      "name": "development",
      "description": "The SMS inbox of the carrier emulator"
    }
  ]
}
`
