import ActivationClient
import AuditLog
import Crypto
import Foundation

/// Separates a batch's codes from the trailer behind them, and proves the one by the other.
struct BatchReceiver {
    struct Receipt {
        var batchID: String?
        var count: Int
        /// Hexadecimal, over all bytes before the trailer: of the file exactly.
        var sha256: String
    }

    private let format: BatchFormat
    private let count: Int
    private var hash = SHA256()
    private var lines = 0
    /// The last line so far: it may be the trailer.
    private var held: [UInt8] = []
    private var hasHead = false

    init(format: BatchFormat, count: Int) {
        self.format = format
        self.count = count
    }

    /// Codes seen so far.
    var codes: Int { lines - (hasHead ? 1 : 0) }

    /// - Returns: what certainly stands before the trailer.
    mutating func take(_ piece: [UInt8]) -> [UInt8] {
        held += piece
        let newline = UInt8(ascii: "\n")
        // Everything up to the newline before the last line; the last byte may be a newline itself.
        guard let boundary = held.dropLast().lastIndex(of: newline) else { return [] }
        let certain = Array(held[...boundary])
        held.removeFirst(certain.count)
        if lines == 0, format == .csv { hasHead = certain.starts(with: Array("index".utf8)) }
        lines += certain.count { $0 == newline }
        hash.update(data: certain)
        return certain
    }

    /// Throws unless the trailer is there and tells of the same bytes.
    func finish() throws -> Receipt {
        var text = String(decoding: held, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        let fields = format == .csv ? Self.comment(text) : Self.object(text)
        let sha256 = hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        guard let fields, let stated = fields["sha256"], let number = fields["count"].flatMap({ Int($0) })
        else {
            throw UnexpectedAnswer("the batch broke off before its end; none of its codes exists")
        }
        guard stated == sha256, number == count, codes == count else {
            throw UnexpectedAnswer("the batch was damaged on its way; none of its codes exists")
        }
        return Receipt(batchID: fields["batch_id"], count: count, sha256: sha256)
    }

    /// `# batch_id=… count=… sha256=…`
    private static func comment(_ text: String) -> [String: String]? {
        guard text.hasPrefix("# ") else { return nil }
        var fields: [String: String] = [:]
        for word in text.dropFirst(2).split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
        return fields
    }

    private static func object(_ text: String) -> [String: String]? {
        guard let json = try? JSON(parsing: Array(text.utf8)) else { return nil }
        var fields: [String: String] = [:]
        fields["batch_id"] = json["batch_id"]?.string
        fields["sha256"] = json["sha256"]?.string
        fields["count"] = json["count"]?.integer.map(String.init)
        return fields
    }
}
