import ActivationCodes
import Crypto
import Foundation
import Synchronization

/// SplitMix64: every failing run can be repeated from its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// State that a `@Sendable` closure may change.
final class Shared<State: Sendable>: Sendable {
    private let state: Mutex<State>

    init(_ state: State) { self.state = Mutex(state) }

    func update<Output: Sendable>(_ body: (inout State) -> Output) -> Output {
        state.withLock { state in body(&state) }
    }
}

extension EntropySource {
    /// The same bytes in every run.
    static func seeded(_ seed: UInt64) -> EntropySource {
        let generator = Shared(SeededGenerator(seed: seed))
        return EntropySource { buffer in
            let words = generator.update { generator in
                (0..<(buffer.count + 7) / 8).map { _ in generator.next() }
            }
            words.withUnsafeBytes { buffer.copyBytes(from: $0.prefix(buffer.count)) }
        }
    }
}

/// Files of the repository, found from this file's real place.
enum Repository {
    private static let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()

    static func vectors<Vectors: Decodable>(_ name: String, as type: Vectors.Type) throws -> Vectors {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: tests.appending(path: "Vectors/\(name)")))
    }

    static func document(_ name: String) throws -> String {
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/formats/\(name)"), encoding: .utf8)
    }
}

extension Data {
    init(hex: String) {
        self.init()
        var rest = hex[...]
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            append(byte)
            rest = rest.dropFirst(2)
        }
    }
}

extension Date {
    /// 2026-01-01T00:00:00Z and so many seconds: the tests' day.
    static func day(_ seconds: Double = 0) -> Date { Date(timeIntervalSince1970: 1_767_225_600 + seconds) }

    init(_ text: String) throws {
        struct NotAnInstant: Error {}
        guard case .at(let date) = Expiry(text) else { throw NotAnInstant() }
        self = date
    }
}

/// Changes a text at one to three places: swaps, drops, doubles and foreign characters.
func mutated(_ text: String, _ random: inout SeededGenerator) -> String {
    var scalars = Array(text.unicodeScalars)
    let foreign = Array("0129:./-+PTYMWDHSZzhd%é０\u{0}".unicodeScalars)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0...scalars.count, using: &random)
        let scalar = foreign.randomElement(using: &random) ?? "0"
        switch Int.random(in: 0..<4, using: &random) {
        case 0: scalars.insert(scalar, at: place)
        case 1 where place < scalars.count: scalars.remove(at: place)
        case 2 where place < scalars.count: scalars[place] = scalar
        case 3 where place + 1 < scalars.count: scalars.swapAt(place, place + 1)
        default: scalars.append(scalar)
        }
    }
    return String(String.UnicodeScalarView(scalars))
}
