import Foundation
import RequestSigning

/// Prints the canonical text of every line of a stream, for comparison with other implementations.
struct CanonicalLines {
    private static let piece = 1 << 16

    let form: CanonicalForm?
    let keepsNames: Bool

    /// - Returns: nil for profiles that sign no JSON.
    init?(_ profile: Profile, keyOrder: KeyOrder, keepsNames: Bool) {
        switch profile {
        case .v320, .v321: form = .python
        case .v330, .gm: form = .jcs
        case .envelope: form = .envelope(keyOrder)
        case .fsiSM: form = nil
        default: return nil
        }
        self.keepsNames = keepsNames || profile == .envelope || profile == .fsiSM
    }

    /// Line by line, in memory for one line and one piece of the stream.
    func run(from input: FileHandle = .standardInput, to output: FileHandle = .standardOutput) throws {
        var rest: [UInt8] = []
        var printed: [UInt8] = []
        while let piece = try input.read(upToCount: Self.piece), !piece.isEmpty {
            var lines = piece.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let last = lines.removeLast()
            for line in lines {
                rest += line
                append(rest, to: &printed)
                rest.removeAll(keepingCapacity: true)
            }
            rest += last
            try output.write(contentsOf: Data(printed))
            printed.removeAll(keepingCapacity: true)
        }
        guard !rest.isEmpty else { return }
        append(rest, to: &printed)
        try output.write(contentsOf: Data(printed))
    }

    private func append(_ line: [UInt8], to printed: inout [UInt8]) {
        do throws(SigningRefusal) {
            printed += try text(of: line)
        } catch {
            printed += Array("!\(error.code.rawValue)".utf8)
        }
        printed.append(UInt8(ascii: "\n"))
    }

    /// What a signature over this document covers, without time and nonce.
    func text(of line: [UInt8]) throws(SigningRefusal) -> [UInt8] {
        var document = try JSONDocument(parsing: line)
        if !keepsNames { document = try document.convertingNames(to: .snakeCase) }
        if let form { return try document.canonical(form) }
        guard document.isObject else { throw SigningRefusal(.notAnObject) }
        return document.bytes
    }
}
