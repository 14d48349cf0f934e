import ArgumentParser

/// A host with a port, as people write it.
struct ServerPlace: ExpressibleByArgument {
    let host: String
    let port: Int

    init?(argument: String) {
        var text = argument[...]
        if text.lowercased().hasPrefix("https://") { text = text.dropFirst(8) }
        if text.hasSuffix("/") { text.removeLast() }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = String(text[text.index(after: text.startIndex)..<end])
            text = text[text.index(after: end)...]
        } else {
            let end = text.firstIndex(of: ":") ?? text.endIndex
            host = String(text[..<end])
            text = text[end...]
        }
        if text.isEmpty {
            port = 443
        } else {
            guard text.first == ":", let number = Int(text.dropFirst()), 1...65_535 ~= number else {
                return nil
            }
            port = number
        }
        guard !host.isEmpty, !host.contains("/") else { return nil }
    }
}
