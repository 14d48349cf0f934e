import Foundation
import Testing

/// A file of `Vectors`, without its extension.
func vectors(_ name: String) throws -> Data {
    let file = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors")
    return try Data(contentsOf: #require(file))
}
