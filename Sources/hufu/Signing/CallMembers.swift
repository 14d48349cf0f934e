import AuditLog
import Foundation
import HTTPTypes
import RequestSigning

/// `name=value` and `name:=json` as they were typed.
struct CallMembers {
    private struct Member {
        var name: String
        var value: String
        /// Exact JSON text; nil for a string.
        var json: [UInt8]?
    }

    private var members: [Member] = []

    var isEmpty: Bool { members.isEmpty }

    /// - Throws: `CommandFailure` naming the argument.
    init(_ arguments: [String]) throws {
        for argument in arguments {
            guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
                throw Self.unreadable(argument, "name=value or name:=json")
            }
            let value = String(argument[argument.index(after: equals)...])
            let before = argument.index(before: equals)
            guard argument[before] == ":", before != argument.startIndex else {
                members.append(Member(name: String(argument[..<equals]), value: value))
                continue
            }
            guard let document = try? JSONDocument(parsing: Array(value.utf8)) else {
                throw Self.unreadable(argument, "JSON behind :=")
            }
            members.append(Member(name: String(argument[..<before]), value: value, json: document.bytes))
        }
    }

    /// One object with the members in their order and numbers as they were typed.
    var object: [UInt8] {
        let texts = members.map { member in
            Array(JSON.string(member.name).canonicalText.utf8) + [UInt8(ascii: ":")]
                + (member.json ?? Array(JSON.string(member.value).canonicalText.utf8))
        }
        return [UInt8(ascii: "{")] + texts.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "}")]
    }

    /// The path with the members in its query.
    func target(_ path: String) -> String {
        guard !isEmpty else { return path }
        let pairs = members.map { "\(RequestPath.encode($0.name))=\(RequestPath.encode($0.value))" }
        return path + (path.contains("?") ? "&" : "?") + pairs.joined(separator: "&")
    }

    func contains(_ name: String) -> Bool { members.contains { $0.name == name } }

    private static func unreadable(_ argument: String, _ allowed: String) -> CommandFailure {
        CommandFailure(.environment, "error: “\(argument.withoutControls)” is not \(allowed)")
    }
}
