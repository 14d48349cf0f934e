internal import HTTPTypes

/// A curl command line, read word by word into what it would send.
struct CurlCommand {
    private var url: String?
    private var method: String?
    private var fields: [(name: HTTPField.Name, value: [UInt8])] = []
    /// Fields that options make; a field of the same name takes their place, and the last one of a name
    /// counts.
    private var made: [HTTPField.Name: [UInt8]] = [:]
    /// Names whose default field the command takes away (`-H 'Accept:'`).
    private var withheld: Set<HTTPField.Name> = []
    private var data: [UInt8]?
    private var isJSON = false
    private var isQuery = false
    private var isHeadOnly = false
    private var isLiteralAddress = false
    private var isLiteralPath = false
    private let readFile: (String) -> [UInt8]?

    init(words: [[UInt8]], readFile: @escaping (String) -> [UInt8]?) throws(UnreadableRequest) {
        self.readFile = readFile
        let program = words.first.map { String(decoding: $0, as: UTF8.self).split(separator: "/").last }
        guard program == "curl" || program == "curl.exe" else { throw UnreadableRequest(.notCurl) }
        var rest = words.dropFirst()
        var takesOptions = true
        while let word = rest.popFirst() {
            if takesOptions, word == Array("--".utf8) {
                takesOptions = false
            } else if takesOptions, word.starts(with: "--".utf8) {
                try takeLong(String(decoding: word.dropFirst(2), as: UTF8.self), &rest)
            } else if takesOptions, word.starts(with: "-".utf8), word.count > 1 {
                try takeShort(word.dropFirst(), &rest)
            } else {
                try take(.url, word, named: "")
            }
        }
    }

    private mutating func takeLong(
        _ name: String, _ rest: inout ArraySlice<[UInt8]>
    ) throws(UnreadableRequest) {
        // `--no-silent` and the like turn a flag off, which changes as little as turning it on.
        let isTurnedOff = name.hasPrefix("no-") && CurlOption.long[String(name.dropFirst(3))].isFlag
        guard let option = CurlOption.long[name] ?? (isTurnedOff ? .flag : nil) else {
            throw UnreadableRequest(.unknownOption, "--" + name)
        }
        var argument: [UInt8] = []
        if option.takesArgument {
            guard let next = rest.popFirst() else { throw UnreadableRequest(.missingArgument, "--" + name) }
            argument = next
        }
        try take(option, argument, named: "--" + name)
    }

    /// `-sSXPOST`: flags in a row, and the argument of the first one that wants it.
    private mutating func takeShort(
        _ letters: ArraySlice<UInt8>, _ rest: inout ArraySlice<[UInt8]>
    ) throws(UnreadableRequest) {
        var letters = letters
        while let byte = letters.popFirst() {
            let letter = Character(Unicode.Scalar(byte))
            guard let option = CurlOption.short[letter] else {
                throw UnreadableRequest(.unknownOption, "-\(letter)")
            }
            guard option.takesArgument else {
                try take(option, [], named: "-\(letter)")
                continue
            }
            guard let argument = letters.isEmpty ? rest.popFirst() : Array(letters) else {
                throw UnreadableRequest(.missingArgument, "-\(letter)")
            }
            return try take(option, argument, named: "-\(letter)")
        }
    }

    private mutating func take(
        _ option: CurlOption, _ argument: [UInt8], named name: String
    ) throws(UnreadableRequest) {
        let text = String(decoding: argument, as: UTF8.self)
        switch option {
        case .flag, .setting: break
        case .unsupported: throw UnreadableRequest(.unsupportedOption, name)
        case .query: isQuery = true
        case .headOnly: isHeadOnly = true
        case .literalAddress: isLiteralAddress = true
        case .literalPath: isLiteralPath = true
        case .method: method = text
        case .url:
            guard url == nil else { throw UnreadableRequest(.unsupportedOption, "two addresses") }
            url = text
        case .header: try takeHeader(argument)
        case .userAgent: made[.userAgent] = argument
        case .referer: made[.referer] = argument
        case .cookie:
            // Without a “=” it names a file of cookies, which no signature covers.
            guard argument.contains(UInt8(ascii: "=")) else { return }
            made[.cookie] = made[.cookie].map { $0 + ";".utf8 + argument } ?? argument
        case .user: made[.authorization] = Array("Basic \(SignatureText.base64(argument))".utf8)
        case .data: try append(file(argument) { $0.filter { ![0x00, 0x0a, 0x0d].contains($0) } })
        case .rawData: append(argument)
        case .binaryData: try append(file(argument) { $0 })
        case .urlEncodedData: try append(urlEncoded(argument))
        case .json:
            isJSON = true
            try append(file(argument) { $0 }, joinedBy: "")
        }
    }

    /// `Name: value`, `Name;` for an empty value, `Name:` for none at all, `@file` for lines of such.
    private mutating func takeHeader(_ argument: [UInt8]) throws(UnreadableRequest) {
        if argument.first == UInt8(ascii: "@") {
            var lines = LineReader(try file(argument) { $0 })
            while let line = lines.next() {
                if !line.isEmpty { try takeHeader(Array(line)) }
            }
            return
        }
        let end = argument.firstIndex { $0 == UInt8(ascii: ":") } ?? argument.lastIndex(of: UInt8(ascii: ";"))
        guard let end, let name = HTTPField.Name(String(decoding: argument[..<end], as: UTF8.self)) else {
            throw UnreadableRequest(.badField, "-H")
        }
        let value = argument[end...].dropFirst()
        if argument[end] == UInt8(ascii: ":"), value.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
            withheld.insert(name)
        } else {
            fields.append((name, Array(value)))
        }
    }

    private mutating func append(_ bytes: [UInt8], joinedBy separator: String = "&") {
        data = data.map { $0 + separator.utf8 + bytes } ?? bytes
    }

    /// The argument, or what the file holds that it names after an “@”.
    private func file(
        _ argument: [UInt8], _ change: ([UInt8]) -> [UInt8]
    ) throws(UnreadableRequest) -> [UInt8] {
        guard argument.first == UInt8(ascii: "@") else { return argument }
        let name = String(decoding: argument.dropFirst(), as: UTF8.self)
        guard let content = readFile(name) else { throw UnreadableRequest(.unreadableFile, name) }
        return change(content)
    }

    /// `content`, `=content`, `name=content`, `@file`, `name@file`; the name stays as it is.
    private func urlEncoded(_ argument: [UInt8]) throws(UnreadableRequest) -> [UInt8] {
        let mark = argument.firstIndex(of: UInt8(ascii: "=")) ?? argument.firstIndex(of: UInt8(ascii: "@"))
        guard let mark else { return PercentCoding.encode(argument) }
        let name = Array(argument[..<mark])
        let isFile = argument[mark] == UInt8(ascii: "@")
        let content =
            isFile ? try file(Array(argument[mark...])) { $0 } : Array(argument[mark...].dropFirst())
        return (name.isEmpty ? [] : name + "=".utf8) + PercentCoding.encode(content)
    }

    /// The request as curl would send it, without the fields that say what curl is.
    func request() throws(UnreadableRequest) -> HTTPMessage {
        let sendsBody = data != nil && !isQuery
        if sendsBody, isHeadOnly { throw UnreadableRequest(.unsupportedOption, "-I") }
        let name = method ?? (isHeadOnly ? "HEAD" : sendsBody ? "POST" : "GET")
        guard let method = HTTPRequest.Method(name) else { throw UnreadableRequest(.badField, "-X") }
        let address = try address()
        var head = HTTPRequest(
            method: method, scheme: address.scheme, authority: address.authority, path: address.target)
        for field in fields where !field.name.isHost {
            head.headerFields.append(HTTPField(name: field.name, value: field.value))
        }
        if let host = fields.last(where: { $0.name.isHost }) {
            head.authority = String(decoding: host.value, as: UTF8.self)
        }
        for (name, value) in made where !value.isEmpty {
            setDefault(name, String(decoding: value, as: UTF8.self), in: &head)
        }
        if isJSON {
            setDefault(.contentType, "application/json", in: &head)
            setDefault(.accept, "application/json", in: &head)
        } else if sendsBody {
            setDefault(.contentType, "application/x-www-form-urlencoded", in: &head)
        }
        return HTTPMessage(head, body: sendsBody ? data ?? [] : [])
    }

    private func address() throws(UnreadableRequest) -> RequestAddress {
        guard var url else { throw UnreadableRequest(.badTarget) }
        if !isLiteralAddress, url.contains(where: { "{}[]".contains($0) }) {
            throw UnreadableRequest(.unsupportedOption, "{} []")
        }
        if isQuery, let data, !data.isEmpty {
            url = String(url.prefix { $0 != "#" })
            url += (url.contains("?") ? "&" : "?") + String(decoding: data, as: UTF8.self)
        }
        let address = try RequestAddress(url, assumed: "http")
        return isLiteralPath ? address : address.resolvingDots()
    }

    private func setDefault(_ name: HTTPField.Name, _ value: String, in head: inout HTTPRequest) {
        guard !withheld.contains(name), head.headerFields[name] == nil else { return }
        head.headerFields[name] = value
    }
}

extension CurlOption? {
    fileprivate var isFlag: Bool {
        if case .flag = self { true } else { false }
    }
}
