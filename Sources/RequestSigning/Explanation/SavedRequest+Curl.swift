extension SavedRequest {
    /// Reads a curl command line as a POSIX shell would hand it to curl, and what curl would then send.
    ///
    /// `-H -d --data-raw --data-binary --data-urlencode --json -G -X -I -u -A -e -b` count, options that
    /// change nothing in the request are passed over, forms and uploads are refused by name.
    ///
    /// - Parameters:
    ///   - curl: one command; line continuations and all of the shell's quotes may be in it.
    /// - readFile: the content of a file that `@name` asks for (`-` is standard input); nil where it can't be
    /// read, which refuses the command.
    public init(
        curl line: [UInt8], readFile: @escaping (_ name: String) -> [UInt8]? = { _ in nil }
    ) throws(UnreadableRequest) {
        let words = try ShellWords.split(line)
        // A copied prompt isn't part of the command.
        let command = words.first == ["$".utf8.first ?? 0] ? Array(words.dropFirst()) : words
        self.init(try CurlCommand(words: command, readFile: readFile).request())
    }
}
