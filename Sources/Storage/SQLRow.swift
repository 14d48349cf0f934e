package import Foundation

/// One row of an answer, read by position.
package struct SQLRow: Sendable {
    package let values: [SQLValue]

    /// A column holds another type than the schema promises: the database file was changed from outside.
    package struct UnexpectedColumn: Error { package let position: Int }

    package func integer(_ position: Int) throws -> Int {
        guard case .integer(let value) = values[position] else { throw UnexpectedColumn(position: position) }
        return Int(value)
    }

    package func optionalInteger(_ position: Int) throws -> Int? {
        if case .null = values[position] { return nil }
        return try integer(position)
    }

    package func text(_ position: Int) throws -> String {
        guard case .text(let value) = values[position] else { throw UnexpectedColumn(position: position) }
        return value
    }

    package func optionalText(_ position: Int) throws -> String? {
        if case .null = values[position] { return nil }
        return try text(position)
    }

    package func blob(_ position: Int) throws -> Data {
        guard case .blob(let value) = values[position] else { throw UnexpectedColumn(position: position) }
        return value
    }

    package func optionalBlob(_ position: Int) throws -> Data? {
        if case .null = values[position] { return nil }
        return try blob(position)
    }

    package func date(_ position: Int) throws -> Date {
        Date(unixMilliseconds: Int64(try integer(position)))
    }

    package func optionalDate(_ position: Int) throws -> Date? {
        if case .null = values[position] { return nil }
        return try date(position)
    }

    package func uuid(_ position: Int) throws -> UUID {
        guard let value = UUID(stored: try text(position)) else {
            throw UnexpectedColumn(position: position)
        }
        return value
    }

    package func optionalUUID(_ position: Int) throws -> UUID? {
        if case .null = values[position] { return nil }
        return try uuid(position)
    }

    package func names(_ position: Int) throws -> [String] {
        let text = try text(position)
        return text.isEmpty ? [] : text.split(separator: " ").map(String.init)
    }
}
