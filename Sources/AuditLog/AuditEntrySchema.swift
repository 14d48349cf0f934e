extension AuditEntry {
    /// The published schema (JSON Schema 2020-12): docs/formats/audit-entry.schema.json, the same text.
    public static let schemaText = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "urn:hufu:schema:audit-entry:1",
          "title": "Hufu audit entry, version 1",
          "description": "One decision, as a leaf of the log holds it in canonical JSON (RFC 8785).",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "version", "time", "unix_ns", "severity", "event", "action", "outcome", "actor", "origin", "subject",
            "request_id", "trace_id", "policy_references", "data", "commitments"
          ],
          "properties": {
            "version": { "description": "The version of this format.", "const": 1 },
            "time": {
              "description": "RFC 3339 in UTC with milliseconds: unix_ns, cut off.",
              "type": "string",
              "format": "date-time",
              "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"
            },
            "unix_ns": {
              "description": "Nanoseconds since 1970-01-01T00:00:00Z, in decimal digits; a string, being beyond 2^53.",
              "type": "string",
              "pattern": "^(0|-?[1-9][0-9]{0,18})$"
            },
            "severity": { "description": "RFC 5424, 6.2.1.", "type": "integer", "minimum": 0, "maximum": 7 },
            "event": { "description": "What happened.", "$ref": "#/$defs/name" },
            "action": { "description": "What was asked for.", "$ref": "#/$defs/name" },
            "outcome": { "enum": ["success", "refused", "failure"] },
            "reason": {
              "description": "The stable code of a refusal or failure.",
              "type": "string",
              "pattern": "^[a-z][a-z0-9_]{0,63}$"
            },
            "actor": {
              "description": "Who asked.",
              "type": "object",
              "additionalProperties": false,
              "required": ["type"],
              "properties": {
                "type": { "enum": ["operator", "device", "holder", "system", "anonymous"] },
                "id": { "$ref": "#/$defs/identifier" }
              }
            },
            "origin": {
              "description": "Through which door it came.",
              "type": "object",
              "additionalProperties": false,
              "required": ["door"],
              "properties": { "door": { "$ref": "#/$defs/kind" } }
            },
            "subject": {
              "description": "What it was about.",
              "type": "object",
              "additionalProperties": false,
              "required": ["type"],
              "properties": {
                "type": { "$ref": "#/$defs/kind" },
                "id": { "$ref": "#/$defs/identifier" }
              }
            },
            "application_id": {
              "type": "string",
              "format": "uuid",
              "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
            },
            "request_id": { "$ref": "#/$defs/identifier" },
            "trace_id": { "description": "W3C Trace Context.", "type": "string", "pattern": "^[0-9a-f]{32}$" },
            "serial_number": { "$ref": "#/$defs/identifier" },
            "policy_references": {
              "type": "array",
              "maxItems": 64,
              "items": { "$ref": "#/$defs/identifier" }
            },
            "data": { "description": "What else belongs to the decision; nothing personal.", "type": "object" },
            "commitments": {
              "description": "Field name to base64 of HMAC-SHA256(32-byte salt, canonical JSON of the value).",
              "type": "object",
              "propertyNames": { "$ref": "#/$defs/name" },
              "additionalProperties": { "type": "string", "pattern": "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$" }
            }
          },
          "$defs": {
            "name": { "type": "string", "pattern": "^[a-z][a-z0-9_.-]{0,63}$" },
            "kind": { "type": "string", "pattern": "^[a-z][a-z0-9_-]{0,31}$" },
            "identifier": {
              "description": "Opaque; without @ and spaces, so that an e-mail address can't pass for one.",
              "type": "string",
              "pattern": "^[A-Za-z0-9._:/+=#-]{1,128}$"
            }
          }
        }

        """#

    /// ``schemaText``, compiled.
    public static let schema: JSONSchema = {
        do {
            return try JSONSchema(JSON(parsing: Array(schemaText.utf8)))
        } catch {
            preconditionFailure("the embedded schema is broken: \(error)")
        }
    }()
}
