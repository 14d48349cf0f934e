import Crypto
import Foundation

/// A secret text that no log, error or mirror shows. Compared in constant time.
public struct Redacted: Sendable, Hashable {
    /// The secret itself: for the wire and for nothing else.
    public let exposed: String

    public init(_ secret: String) { exposed = secret }

    public static func == (one: Redacted, other: Redacted) -> Bool {
        // Digests compare in constant time, and they hide the length too.
        SHA256.hash(data: Data(one.exposed.utf8)) == SHA256.hash(data: Data(other.exposed.utf8))
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(exposed) }
}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var debugDescription: String { "‹redacted›" }
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

extension Redacted {
    /// The first line of a file, such as a client's secret.
    ///
    /// Throws `configuration` where the file can't be read, is empty, is longer than 4096 bytes, or may be read
    /// by every user of the machine. (A group may read it: so do orchestrators mount their secrets.)
    public init(firstLineOf path: String) throws(TokenFailure) {
        guard let line = try Self.text(of: path, most: 4096).split(whereSeparator: \.isNewline).first else {
            throw TokenFailure(.configuration, "the file \(path) is empty")
        }
        exposed = String(line)
    }

    /// A whole file, such as a key in PEM, of at most 65,536 bytes; otherwise as `init(firstLineOf:)`.
    public init(contentsOf path: String) throws(TokenFailure) {
        exposed = try Self.text(of: path, most: 65_536)
    }

    private static func text(of path: String, most: Int) throws(TokenFailure) -> String {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target(of: path)),
            let mode = attributes[.posixPermissions] as? NSNumber,
            let size = attributes[.size] as? NSNumber
        else { throw TokenFailure(.configuration, "the file \(path) can't be read") }
        guard mode.intValue & 0o007 == 0 else {
            throw TokenFailure(.configuration, "the file \(path) is open to everybody: chmod 600 \(path)")
        }
        guard size.intValue <= most, let bytes = FileManager.default.contents(atPath: path),
            let text = String(bytes: bytes, encoding: .utf8), !text.isEmpty
        else {
            throw TokenFailure(.configuration, "the file \(path) holds no secret of at most \(most) bytes")
        }
        return text
    }

    /// Mounted secrets are symbolic links, whose own mode says nothing.
    private static func target(of path: String) -> String {
        URL(filePath: path).resolvingSymlinksInPath().path
    }
}
