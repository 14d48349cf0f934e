import Foundation

/// A file of known answers from the test bundle.
struct Vectors<Case: Decodable & Sendable>: Decodable, Sendable {
    let source: String
    let cases: [Case]

    init(_ name: String) throws {
        let file = Bundle.module.bundleURL.appending(path: "Vectors/\(name).json")
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
}

/// Bytes that a vector file writes as hexadecimal digits.
struct HexBytes: Decodable, Sendable, Equatable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        bytes = ShangMiTests.bytes(hex: try decoder.singleValueContainer().decode(String.self))
    }
}
