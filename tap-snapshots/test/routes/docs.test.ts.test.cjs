/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/routes/docs.test.ts > TAP > the OpenAPI document is what clients were promised > must match snapshot 1`] = `
{
  "openapi": "3.1.0",
  "info": {
    "title": "Cheershare",
    "version": "1.0.0",
    "description": "Phone login by one-time SMS codes, and images for calendar dates."
  },
  "components": {
    "securitySchemes": {
      "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token that /verify answers"
      }
    },
    "schemas": {}
  },
  "paths": {
    "/creatives/{id}/image": {
      "get": {
        "operationId": "getImage",
        "summary": "The image of a creative",
        "tags": [
          "creatives"
        ],
        "description": "By the signed \`creative_url\`, or with the token of someone who may see the creative.",
        "parameters": [
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
            "required": false
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
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "What became of an SMS",
        "tags": [
          "login"
        ],
        "description": "For a day. Whoever has the id may ask: it cannot be guessed, and tells nothing about its number.",
        "parameters": [
          {
            "schema": {
              "pattern": "^[A-Za-z0-9_-]{22}$",
              "type": "string"
            },
            "in": "path",
            "name": "id",
            "required": true,
            "description": "\`delivery_id\` of the answer that promised the SMS"
          }
        ],
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "title": "Delivery",
                  "type": "object",
                  "required": [
                    "status",
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
                      "description": "\`queued\` here, \`sent\` to the carrier, \`delivered\` to the handset, or \`failed\` for good"
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
                        "country_not_served",
                        "expired",
                        "not_sent",
                        null
                      ],
                      "description": "Why it failed; \`null\` of one that did not"
                    },
                    "message": {
                      "description": "A sentence for the person who waits",
                      "examples": [
                        "The message is on its way."
                      ],
                      "type": "string"
                    },
                    "resend_in": {
                      "description": "Seconds until another SMS may be asked for",
                      "examples": [
                        30
                      ],
                      "type": "integer"
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "The SMS inbox: a page for people, JSON for programs",
        "tags": [
          "development"
        ],
        "parameters": [
          {
            "schema": {
              "minLength": 1,
              "maxLength": 64,
              "pattern": "^[^\\\\p{Cc}]*$",
              "type": "string"
            },
            "example": "+918123456789",
            "in": "query",
            "name": "to",
            "required": false,
            "description": "International form, or the national form of the default region"
          }
        ],
        "responses": {
          "200": {
            "description": "By Accept",
            "content": {
              "application/json": {
                "schema": {
                  "title": "Messages, newest first",
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
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
              "pattern": "^[^\\\\p{Cc}]*$",
              "type": "string"
            },
            "example": "+918123456789",
            "in": "query",
            "name": "to",
            "required": false,
            "description": "International form, or the national form of the default region"
          }
        ],
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "title": "Messages, newest first",
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
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "description": "Answers 503 while one does not, and says which. \`degraded\`: the service works, but something needs an operator, such as an SMS provider (\`sms:...\`) that refuses our credentials.",
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "description": "Answers the same whether or not the number has an account.",
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
                    "pattern": "^[^\\\\p{Cc}]*$",
                    "description": "International form, or the national form of the default region",
                    "examples": [
                      "+918123456789"
                    ],
                    "type": "string"
                  },
                  "device_token": {
                    "pattern": "^[A-Z2-7]{26}$",
                    "description": "From the last login of this client: gives it a small reserve of sends and guesses of its own; it lets nobody in",
                    "type": "string"
                  },
                  "locale": {
                    "minLength": 2,
                    "maxLength": 35,
                    "format": "language-tag",
                    "description": "Language of the SMS: a BCP 47 tag. Without it, or where there is no text in it, \`Accept-Language\` decides",
                    "examples": [
                      "pt-BR"
                    ],
                    "type": "string"
                  },
                  "channel": {
                    "type": "string",
                    "enum": [
                      "sms",
                      "whatsapp"
                    ],
                    "description": "What the code travels by: \`sms\` unless something else is said; 422 \`CHR_CHANNEL_NOT_ALLOWED\` where it is not offered"
                  }
                }
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                      "description": "Seconds until the code is over",
                      "examples": [
                        300
                      ],
                      "type": "integer"
                    },
                    "resend_in": {
                      "description": "Seconds until another SMS may be asked for",
                      "examples": [
                        30
                      ],
                      "type": "integer"
                    },
                    "delivery_id": {
                      "description": "Of the SMS: \`GET /deliveries/{id}\` tells what became of it",
                      "pattern": "^[A-Za-z0-9_-]{22}$",
                      "examples": [
                        "x5Zk0yB3mQhW2vTn8sLdRg"
                      ],
                      "type": "string"
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "description": "Takes no body. The token is refused from the next request on.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "Who is signed in",
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": [
                    "data"
                  ],
                  "properties": {
                    "data": {
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
                          "type": "integer"
                        },
                        "time_zone": {
                          "description": "Whose day \\"today\\" is; the service's own when null",
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
                          "description": "Of the SMS that the last login was by",
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
                          "description": "Made by the fixed code of a test number",
                          "type": "boolean"
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "description": "With the \`version\` that you have seen; if it is not the current one, nothing changes and 409 \`CHR_VERSION_CONFLICT\` carries the current state.",
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
                    "description": "1 to 100 visible characters after trimming",
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
                    "description": "The version that you have seen; any other is refused",
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": [
                    "data"
                  ],
                  "properties": {
                    "data": {
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
                          "type": "integer"
                        },
                        "time_zone": {
                          "description": "Whose day \\"today\\" is; the service's own when null",
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
                          "description": "Of the SMS that the last login was by",
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
                          "description": "Made by the fixed code of a test number",
                          "type": "boolean"
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "409": {
            "description": "Failure, and the current state",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure, and the current state",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    "current": {
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
                          "type": "integer"
                        },
                        "time_zone": {
                          "description": "Whose day \\"today\\" is; the service's own when null",
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
                          "description": "Of the SMS that the last login was by",
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
                          "description": "Made by the fixed code of a test number",
                          "type": "boolean"
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "description": "With everything that is kept of it: sessions, creatives and their images, codes under way. Needs a login within the last 10 minutes, else 403 \`CHR_REAUTHENTICATE\`.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "Everything that is kept about you",
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                          "type": "integer"
                        },
                        "time_zone": {
                          "description": "Whose day \\"today\\" is; the service's own when null",
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
                          "description": "Of the SMS that the last login was by",
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
                          "description": "Made by the fixed code of a test number",
                          "type": "boolean"
                        }
                      }
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
                            "description": "Masked; the whole one is not kept",
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
                      "description": "Clients that signed in, known by a token of which only a hash is kept",
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
                        "type": "object",
                        "required": [
                          "id",
                          "creative_url",
                          "scheduled_at",
                          "created_at",
                          "content_type",
                          "byte_count"
                        ],
                        "properties": {
                          "id": {
                            "type": "integer"
                          },
                          "creative_url": {
                            "description": "Signed address of the image; it ends within two hours",
                            "type": "string"
                          },
                          "scheduled_at": {
                            "description": "YYYY-MM-DD",
                            "examples": [
                              "2026-11-21"
                            ],
                            "type": "string"
                          },
                          "created_at": {
                            "description": "RFC 3339, UTC",
                            "examples": [
                              "2026-11-21T09:30:00.000Z"
                            ],
                            "type": "string"
                          },
                          "content_type": {
                            "examples": [
                              "image/png"
                            ],
                            "type": "string"
                          },
                          "byte_count": {
                            "type": "integer"
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "description": "Answers as \`/login\` does. A later request replaces this one; logging in goes on with the old number until the code was taken. Needs a login within the last 10 minutes, else 403 \`CHR_REAUTHENTICATE\`.",
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
                    "pattern": "^[^\\\\p{Cc}]*$",
                    "description": "International form, or the national form of the default region",
                    "examples": [
                      "+918123456789"
                    ],
                    "type": "string"
                  },
                  "locale": {
                    "minLength": 2,
                    "maxLength": 35,
                    "format": "language-tag",
                    "description": "Language of the SMS: a BCP 47 tag. Without it, or where there is no text in it, \`Accept-Language\` decides",
                    "examples": [
                      "pt-BR"
                    ],
                    "type": "string"
                  },
                  "channel": {
                    "type": "string",
                    "enum": [
                      "sms",
                      "whatsapp"
                    ],
                    "description": "What the code travels by: \`sms\` unless something else is said; 422 \`CHR_CHANNEL_NOT_ALLOWED\` where it is not offered"
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                      "description": "Seconds until the code is over",
                      "examples": [
                        300
                      ],
                      "type": "integer"
                    },
                    "resend_in": {
                      "description": "Seconds until another SMS may be asked for",
                      "examples": [
                        30
                      ],
                      "type": "integer"
                    },
                    "delivery_id": {
                      "description": "Of the SMS: \`GET /deliveries/{id}\` tells what became of it",
                      "pattern": "^[A-Za-z0-9_-]{22}$",
                      "examples": [
                        "x5Zk0yB3mQhW2vTn8sLdRg"
                      ],
                      "type": "string"
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "Stay with the old phone number",
        "tags": [
          "account"
        ],
        "description": "The code that was sent opens nothing any more. 404 when no change is pending.",
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "Move to another phone number: take its code",
        "tags": [
          "account"
        ],
        "description": "All other sessions end, and the old number is told by SMS. A number that was taken meanwhile answers like a wrong code.",
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
                    "pattern": "^[0-9]{4,10}$",
                    "description": "The digits of the SMS",
                    "examples": [
                      "123456"
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": [
                    "data"
                  ],
                  "properties": {
                    "data": {
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
                          "type": "integer"
                        },
                        "time_zone": {
                          "description": "Whose day \\"today\\" is; the service's own when null",
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
                          "description": "Of the SMS that the last login was by",
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
                          "description": "Made by the fixed code of a test number",
                          "type": "boolean"
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "Whether a token is good",
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "What is due today and tomorrow",
        "tags": [
          "creatives"
        ],
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
            "description": "IANA time zone whose day \\"today\\" is"
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
            "description": "Only the caller's own"
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
            "required": true,
            "description": "At most so many of each day"
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "title": "Scheduled creatives, newest first",
                  "type": "object",
                  "required": [
                    "scheduled_creatives"
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
                            "type": "object",
                            "required": [
                              "id",
                              "creative_url",
                              "scheduled_at",
                              "created_at",
                              "content_type",
                              "byte_count"
                            ],
                            "properties": {
                              "id": {
                                "type": "integer"
                              },
                              "creative_url": {
                                "description": "Signed address of the image; it ends within two hours",
                                "type": "string"
                              },
                              "scheduled_at": {
                                "description": "YYYY-MM-DD",
                                "examples": [
                                  "2026-11-21"
                                ],
                                "type": "string"
                              },
                              "created_at": {
                                "description": "RFC 3339, UTC",
                                "examples": [
                                  "2026-11-21T09:30:00.000Z"
                                ],
                                "type": "string"
                              },
                              "content_type": {
                                "examples": [
                                  "image/png"
                                ],
                                "type": "string"
                              },
                              "byte_count": {
                                "type": "integer"
                              }
                            }
                          }
                        },
                        "tomorrow": {
                          "type": "array",
                          "items": {
                            "type": "object",
                            "required": [
                              "id",
                              "creative_url",
                              "scheduled_at",
                              "created_at",
                              "content_type",
                              "byte_count"
                            ],
                            "properties": {
                              "id": {
                                "type": "integer"
                              },
                              "creative_url": {
                                "description": "Signed address of the image; it ends within two hours",
                                "type": "string"
                              },
                              "scheduled_at": {
                                "description": "YYYY-MM-DD",
                                "examples": [
                                  "2026-11-21"
                                ],
                                "type": "string"
                              },
                              "created_at": {
                                "description": "RFC 3339, UTC",
                                "examples": [
                                  "2026-11-21T09:30:00.000Z"
                                ],
                                "type": "string"
                              },
                              "content_type": {
                                "examples": [
                                  "image/png"
                                ],
                                "type": "string"
                              },
                              "byte_count": {
                                "type": "integer"
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "Where one is signed in",
        "tags": [
          "sessions"
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "title": "Sessions in force, newest use first",
                  "type": "object",
                  "required": [
                    "sessions"
                  ],
                  "properties": {
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
                          "address",
                          "current"
                        ],
                        "properties": {
                          "id": {
                            "description": "Of the session; tells nothing about its token",
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
                            "description": "RFC 3339, UTC; to within a minute",
                            "examples": [
                              "2026-11-21T09:30:00.000Z"
                            ],
                            "type": "string"
                          },
                          "expires_at": {
                            "description": "RFC 3339, UTC; use moves it",
                            "examples": [
                              "2026-11-23T09:30:00.000Z"
                            ],
                            "type": "string"
                          },
                          "user_agent": {
                            "description": "Of the sign-in, as the client stated it",
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
                            "description": "Of the sign-in, masked",
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
                            "description": "Whether it is the one that asks",
                            "type": "boolean"
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
            "description": "The one that asks, too"
          }
        ],
        "security": [
          {
            "bearer": []
          }
        ],
        "responses": {
          "200": {
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                      "description": "How many",
                      "type": "integer"
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "description": "Its token is refused from the next request on. Someone else's, unknown and ended ones answer 404 alike.",
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "Sign up: send a code, or take one",
        "tags": [
          "login"
        ],
        "description": "Without \`otp\` a code is sent, and \`name\` is required. With \`otp\` it does what \`/verify\` does.",
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
                    "description": "1 to 100 visible characters after trimming",
                    "examples": [
                      "Asha"
                    ],
                    "type": "string"
                  },
                  "phone_number": {
                    "minLength": 1,
                    "maxLength": 64,
                    "pattern": "^[^\\\\p{Cc}]*$",
                    "description": "International form, or the national form of the default region",
                    "examples": [
                      "+918123456789"
                    ],
                    "type": "string"
                  },
                  "otp": {
                    "pattern": "^[0-9]{4,10}$",
                    "description": "The digits of the SMS",
                    "examples": [
                      "123456"
                    ],
                    "type": "string"
                  },
                  "device_token": {
                    "pattern": "^[A-Z2-7]{26}$",
                    "description": "From the last login of this client: gives it a small reserve of sends and guesses of its own; it lets nobody in",
                    "type": "string"
                  },
                  "locale": {
                    "minLength": 2,
                    "maxLength": 35,
                    "format": "language-tag",
                    "description": "Language of the SMS: a BCP 47 tag. Without it, or where there is no text in it, \`Accept-Language\` decides",
                    "examples": [
                      "pt-BR"
                    ],
                    "type": "string"
                  },
                  "channel": {
                    "type": "string",
                    "enum": [
                      "sms",
                      "whatsapp"
                    ],
                    "description": "What the code travels by: \`sms\` unless something else is said; 422 \`CHR_CHANNEL_NOT_ALLOWED\` where it is not offered"
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "anyOf": [
                    {
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
                          "description": "Seconds until the code is over",
                          "examples": [
                            300
                          ],
                          "type": "integer"
                        },
                        "resend_in": {
                          "description": "Seconds until another SMS may be asked for",
                          "examples": [
                            30
                          ],
                          "type": "integer"
                        },
                        "delivery_id": {
                          "description": "Of the SMS: \`GET /deliveries/{id}\` tells what became of it",
                          "pattern": "^[A-Za-z0-9_-]{22}$",
                          "examples": [
                            "x5Zk0yB3mQhW2vTn8sLdRg"
                          ],
                          "type": "string"
                        }
                      }
                    },
                    {
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
                              "type": "integer"
                            }
                          }
                        },
                        "message": {
                          "type": "string"
                        },
                        "token": {
                          "description": "26 characters of base32, for Authorization: Bearer",
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
                          "description": "To be kept by this client and sent with its next \`/login\` and \`/verify\`, for 90 days",
                          "pattern": "^[A-Z2-7]{26}$",
                          "type": "string"
                        }
                      }
                    }
                  ]
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "requestBody": {
          "required": true,
          "content": {
            "multipart/form-data": {
              "schema": {
                "type": "object",
                "required": [
                  "file",
                  "scheduled_at"
                ],
                "properties": {
                  "file": {
                    "type": "string",
                    "format": "binary",
                    "description": "JPEG, PNG or GIF, at most 10 MiB"
                  },
                  "scheduled_at": {
                    "format": "date",
                    "description": "YYYY-MM-DD, today or later",
                    "type": "string"
                  },
                  "tz": {
                    "minLength": 1,
                    "maxLength": 64,
                    "description": "IANA time zone whose day \\"today\\" is",
                    "examples": [
                      "UTC"
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": [
                    "creative"
                  ],
                  "properties": {
                    "creative": {
                      "type": "object",
                      "required": [
                        "id",
                        "creative_url",
                        "scheduled_at",
                        "created_at",
                        "content_type",
                        "byte_count"
                      ],
                      "properties": {
                        "id": {
                          "type": "integer"
                        },
                        "creative_url": {
                          "description": "Signed address of the image; it ends within two hours",
                          "type": "string"
                        },
                        "scheduled_at": {
                          "description": "YYYY-MM-DD",
                          "examples": [
                            "2026-11-21"
                          ],
                          "type": "string"
                        },
                        "created_at": {
                          "description": "RFC 3339, UTC",
                          "examples": [
                            "2026-11-21T09:30:00.000Z"
                          ],
                          "type": "string"
                        },
                        "content_type": {
                          "examples": [
                            "image/png"
                          ],
                          "type": "string"
                        },
                        "byte_count": {
                          "type": "integer"
                        }
                      }
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "summary": "Take a code for a token",
        "tags": [
          "login"
        ],
        "description": "Registers the number or logs it in. Without a name for a new number it answers 422 \`CHR_NAME_REQUIRED\` and the code stays good.",
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
                    "pattern": "^[^\\\\p{Cc}]*$",
                    "description": "International form, or the national form of the default region",
                    "examples": [
                      "+918123456789"
                    ],
                    "type": "string"
                  },
                  "otp": {
                    "pattern": "^[0-9]{4,10}$",
                    "description": "The digits of the SMS",
                    "examples": [
                      "123456"
                    ],
                    "type": "string"
                  },
                  "name": {
                    "minLength": 1,
                    "maxLength": 200,
                    "description": "1 to 100 visible characters after trimming",
                    "examples": [
                      "Asha"
                    ],
                    "type": "string"
                  },
                  "device_token": {
                    "pattern": "^[A-Z2-7]{26}$",
                    "description": "From the last login of this client: gives it a small reserve of sends and guesses of its own; it lets nobody in",
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
            "description": "Default Response",
            "content": {
              "application/json": {
                "schema": {
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
                          "type": "integer"
                        }
                      }
                    },
                    "message": {
                      "type": "string"
                    },
                    "token": {
                      "description": "26 characters of base32, for Authorization: Bearer",
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
                      "description": "To be kept by this client and sent with its next \`/login\` and \`/verify\`, for 90 days",
                      "pattern": "^[A-Z2-7]{26}$",
                      "type": "string"
                    }
                  }
                }
              }
            }
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
        "description": "Signed by \`X-Twilio-Signature\` for the address under \`PUBLIC_URL\`, else 403 \`CHR_SIGNATURE_INVALID\`. Repeats, disorder and unknown messages are fine.",
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
            "description": "\`delivery_id\` of the answer that promised the SMS"
          }
        ],
        "responses": {
          "204": {
            "description": "Noted"
          },
          "4XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
                }
              }
            }
          },
          "5XX": {
            "description": "Failure",
            "content": {
              "application/json": {
                "schema": {
                  "description": "Failure",
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
                      "description": "From the catalogue",
                      "examples": [
                        "CHR_VALIDATION"
                      ],
                      "type": "string"
                    },
                    "request_id": {
                      "type": "string"
                    },
                    "details": {
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
                    }
                  }
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
      "description": "Prove a phone number, get a token"
    },
    {
      "name": "account",
      "description": "Who is signed in, and where"
    },
    {
      "name": "sessions",
      "description": "Where one is signed in, and how to end it"
    },
    {
      "name": "creatives",
      "description": "Images for calendar dates"
    },
    {
      "name": "webhooks",
      "description": "What carriers report"
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
