import AuditLog
import Foundation

/// The published description of the API, held against real answers.
struct PublishedContract: Sendable {
    private let paths: [String: JSON]
    private let components: JSON

    init(_ document: JSON) {
        paths = document["paths"]?.object ?? [:]
        components = document["components"] ?? .null
    }

    /// `GET /v1/codes/{id}` for each operation.
    var operations: Set<String> {
        Set(
            paths.flatMap { path, operations in
                (operations.object ?? [:]).keys.map { "\($0.uppercased()) \(path)" }
            })
    }

    /// The operation that a request is for; literal segments go before parameters.
    func operation(_ method: String, _ target: String) -> String? {
        let segments = target.split(separator: "?")[0].split(separator: "/")
        let candidates = paths.keys.filter { path in
            guard paths[path]?[method.lowercased()] != nil else { return false }
            let pattern = path.split(separator: "/")
            let isOpen = pattern.last == "{path...}"
            guard isOpen ? segments.count >= pattern.count : segments.count == pattern.count else {
                return false
            }
            return zip(pattern, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return candidates.min { $0.split(separator: "{").count < $1.split(separator: "{").count }
            .map { "\(method) \($0)" }
    }

    /// What in an answer is not as published; a status that is not published counts as the default.
    func violations(_ operation: String, _ answer: Answer) throws -> [String] {
        let parts = operation.split(separator: " ").map(String.init)
        guard let responses = paths[parts[1]]?[parts[0].lowercased()]?["responses"] else {
            return ["not published"]
        }
        let published = responses["\(answer.status)"] ?? (answer.status >= 400 ? responses["default"] : nil)
        guard let published else { return ["status \(answer.status) is not published"] }
        guard let content = published["content"]?.object else {
            return answer.bytes.isEmpty ? [] : ["a body where none is published"]
        }
        let type = answer.header("content-type")?.split(separator: ";").first.map(String.init) ?? "none"
        guard let media = content[type] else {
            return ["\(type) where \(content.keys.sorted()) is published"]
        }
        guard var schema = media["schema"] else { return [] }
        schema["components"] = components
        return try JSONSchema(schema).violations(try JSON(parsing: answer.bytes))
    }
}
