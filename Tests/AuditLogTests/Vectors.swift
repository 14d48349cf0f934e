import AuditLog
import Foundation

/// The files beside these tests.
enum Vectors {
    /// The repository, from where this file really is, behind any symbolic link.
    static var repository: URL {
        URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
    }

    static func json(_ name: String) throws -> JSON {
        let file = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "Vectors/" + name)
        return try JSON(parsing: Array(Data(contentsOf: file)))
    }

    static func list(_ name: String, _ key: String? = nil) throws -> [JSON] {
        let json = try json(name)
        return (key.flatMap { json[$0] } ?? json).array ?? []
    }
}

extension [UInt8] {
    /// Traps on what is not hexadecimal.
    init(hexadecimal text: String) {
        let digits = text.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16)! }
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

/// A small generator with a seed (SplitMix64), so that a failure repeats.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// One to four small changes: a byte replaced, removed, doubled, or the tail cut off.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &self)], at: place)
            case 4: bytes[place] = Array("\"\\{}[]:,0-+e. \n=/xp".utf8).randomElement(using: &self) ?? 0
            default: if Int.random(in: 0..<8, using: &self) == 0 { bytes.removeLast(bytes.count - place) }
            }
        }
        return bytes
    }
}
