import AuditLog
import Foundation

/// An object of a settings file: each wrong value is refused with its name and what is allowed.
struct SettingsNode {
    private let members: [String: JSON]
    private let folder: String
    private let place: String

    init(_ json: JSON, folder: String, place: String = "") throws {
        guard let members = json.object else {
            throw PlatformSettings.Unusable(description: "\(place.isEmpty ? "it" : place) is no object")
        }
        self.members = members
        self.folder = folder
        self.place = place
    }

    func wrong(_ name: String, _ allowed: String) -> PlatformSettings.Unusable {
        PlatformSettings.Unusable(description: "\(full(name)): \(allowed) is due")
    }

    private func full(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    /// A misspelt name would otherwise be passed over in silence.
    func allow(_ names: Set<String>) throws {
        if let unknown = members.keys.filter({ !names.contains($0) }).min() {
            throw PlatformSettings.Unusable(
                description:
                    "\(full(unknown)) is unknown; known are \(names.sorted().joined(separator: ", "))")
        }
    }

    func text(_ name: String, else standard: String? = nil) throws -> String {
        guard let value = members[name] else {
            if let standard { return standard }
            throw wrong(name, "a text")
        }
        guard let text = value.string, !text.isEmpty else { throw wrong(name, "a text") }
        return text
    }

    /// As long as the platform's format allows, in characters.
    func text(_ name: String, upTo most: Int, else standard: String? = nil) throws -> String {
        let text = try text(name, else: standard)
        guard text.unicodeScalars.count <= most else {
            throw wrong(name, "a text of at most \(most) characters")
        }
        return text
    }

    /// What follows an address.
    func path(_ name: String, else standard: String? = nil) throws -> String {
        let path = try text(name, else: standard)
        guard path.hasPrefix("/") else { throw wrong(name, "a path that begins with a slash") }
        return path
    }

    func optionalText(_ name: String) throws -> String? {
        try members[name].map { _ in try text(name) }
    }

    func flag(_ name: String) throws -> Bool {
        guard let value = members[name] else { return false }
        guard let flag = value.bool else { throw wrong(name, "true or false") }
        return flag
    }

    func number(_ name: String, in range: ClosedRange<Int>, else standard: Int? = nil) throws -> Int {
        if members[name] == nil, let standard { return standard }
        guard let number = members[name]?.integer, range.contains(Int(number)) else {
            throw wrong(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    func optionalNumber(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        try members[name].map { _ in try number(name, in: range) }
    }

    func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, else standard: Value
    ) throws -> Value {
        guard members[name] != nil else { return standard }
        guard let value = Value(rawValue: try text(name)) else {
            throw wrong(name, "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return value
    }

    func object(_ name: String) throws -> SettingsNode? {
        try members[name].map { try SettingsNode($0, folder: folder, place: full(name)) }
    }

    func objects(_ name: String) throws -> [SettingsNode] {
        guard let value = members[name] else { return [] }
        guard let items = value.array else { throw wrong(name, "a list of objects") }
        return try items.map { try SettingsNode($0, folder: folder, place: full(name)) }
    }

    /// Names with their objects, sorted by name.
    func namedObjects(_ name: String) throws -> [(name: String, object: SettingsNode)] {
        guard let node = try object(name) else { return [] }
        return try node.members.keys.sorted().compactMap { key in
            try node.object(key).map { (name: key, object: $0) }
        }
    }

    /// Names with their texts.
    func texts(_ name: String) throws -> [String: String] {
        guard let node = try object(name) else { return [:] }
        return try node.members.reduce(into: [:]) { $0[$1.key] = try node.text($1.key) }
    }

    /// A list of texts.
    func list(_ name: String) throws -> [String] {
        guard let texts = members[name]?.array?.map(\.string), !texts.isEmpty, !texts.contains(nil) else {
            throw wrong(name, "a list of texts")
        }
        return texts.compactMap { $0 }
    }

    func file(_ name: String) throws -> String? { try optionalText(name).map(path) }

    func files(_ name: String) throws -> [String] { try list(name).map(path) }

    private func path(_ text: String) -> String {
        text.hasPrefix("/") || folder.isEmpty ? text : folder + "/" + text
    }
}
