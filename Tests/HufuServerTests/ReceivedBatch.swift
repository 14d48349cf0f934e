import AuditLog
import Crypto
import Foundation

/// A batch as its receiver has it: codes, and the last line with the digest of all before it.
struct ReceivedBatch: Sendable {
    let id: String
    let count: Int
    /// As the last line says.
    let digest: String
    /// Of the bytes that arrived before the last line.
    let computedDigest: String
    let codes: [(index: Int, id: String, code: String)]

    struct Broken: Error {}

    init(ndjson text: String) throws {
        let (lines, last, digest) = try Self.split(text)
        let trailer = try JSON(parsing: Array(last.utf8))
        self.digest = trailer["sha256"]?.string ?? ""
        id = trailer["batch_id"]?.string ?? ""
        count = trailer["count"]?.integer ?? -1
        computedDigest = digest
        codes = try lines.map { line in
            let item = try JSON(parsing: Array(line.utf8))
            guard let index = item["index"]?.integer, let id = item["id"]?.string,
                let code = item["code"]?.string
            else { throw Broken() }
            return (index, id, code)
        }
    }

    init(csv text: String) throws {
        let (lines, last, digest) = try Self.split(text)
        guard lines.first == "index,id,code", last.hasPrefix("# ") else { throw Broken() }
        let pairs = last.dropFirst(2).split(separator: " ").map { $0.split(separator: "=").map(String.init) }
        let trailer = Dictionary(pairs.map { ($0[0], $0[1]) }) { first, _ in first }
        self.digest = trailer["sha256"] ?? ""
        id = trailer["batch_id"] ?? ""
        count = trailer["count"].flatMap { Int($0) } ?? -1
        computedDigest = digest
        codes = try lines.dropFirst().map { line in
            let fields = line.split(separator: ",").map(String.init)
            guard fields.count == 3, let index = Int(fields[0]) else { throw Broken() }
            return (index, fields[1], fields[2])
        }
    }

    private static func split(_ text: String) throws -> (lines: [String], last: String, digest: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.popLast() == "", let last = lines.popLast() else { throw Broken() }
        let body = Data((lines.joined(separator: "\n") + "\n").utf8)
        let digest = SHA256.hash(data: body).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        return (lines, last, digest.joined())
    }
}
