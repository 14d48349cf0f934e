import AuditLog
package import Logging

/// Masks secrets and personal values in what another handler writes: docs/formats/redaction.md.
package struct RedactingLogHandler: LogHandler {
    private var handler: any LogHandler

    package init(_ handler: any LogHandler) { self.handler = handler }

    package var logLevel: Logger.Level {
        get { handler.logLevel }
        set { handler.logLevel = newValue }
    }

    /// As given: every request sets some, and few are ever written.
    package var metadata: Logger.Metadata = [:]

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var event = event
        event.message = "\(Redaction.standard.message(event.message.description))"
        event.error = event.error.map { RedactedError(description: Redaction.standard.message("\($0)")) }
        event.metadata = Self.redacted(metadata.merging(event.metadata ?? [:]) { $1 })
        handler.log(event: event)
    }

    private static func redacted(_ metadata: Logger.Metadata) -> Logger.Metadata {
        guard case .dictionary(let redacted) = value(Redaction.standard.apply(json(.dictionary(metadata))))
        else { return [:] }
        return redacted
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSON {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string(value.description)
        case .dictionary(let members): .object(members.mapValues(json))
        case .array(let elements): .array(elements.map(json))
        }
    }

    private static func value(_ json: JSON) -> Logger.Metadata.Value {
        switch json {
        case .string(let text): .string(text)
        case .object(let members): .dictionary(members.mapValues(value))
        case .array(let elements): .array(elements.map(value))
        case .null, .bool, .integer, .number: .string(json.canonicalText)
        }
    }
}

/// What an error says, masked.
private struct RedactedError: Error, CustomStringConvertible {
    let description: String
}
