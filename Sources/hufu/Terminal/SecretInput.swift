import Foundation

/// Reads a password, a token or a code: never from the arguments, which every user of the machine can see.
enum SecretInput {
    /// From the file if one is given (`-` is standard input), else from the terminal without echo, else one
    /// line of standard input.
    static func read(_ name: String, file: String?) throws -> String {
        let text: String?
        if let file, file != "-" {
            text = String(decoding: try InputFile.contents(file), as: UTF8.self).split(
                whereSeparator: \.isNewline
            ).first.map(
                String.init)
        } else if file == nil, isatty(STDIN_FILENO) == 1 {
            text = try prompt(name)
        } else {
            text = readLine(strippingNewline: true)
        }
        guard let text, !text.isEmpty else {
            throw CommandFailure(.environment, "error: no \(name) was given")
        }
        return text
    }

    /// A new password: at a terminal it is asked for twice.
    static func readNew(_ name: String, file: String?) throws -> String {
        let text = try read(name, file: file)
        guard file == nil, isatty(STDIN_FILENO) == 1 else { return text }
        guard try prompt("\(name) again") == text else {
            throw CommandFailure(.environment, "error: the two differ")
        }
        return text
    }

    private static func prompt(_ name: String) throws -> String? {
        FileHandle.standardError.write(Data("\(name): ".utf8))
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw CommandFailure(.environment, "error: the terminal's echo can't be turned off")
        }
        var silent = before
        // Without signals too: an interrupt would leave the terminal without echo. It arrives as a character.
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
            throw CommandFailure(.environment, "error: the terminal's echo can't be turned off")
        }
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        let line = readLine(strippingNewline: true)
        if line?.contains("\u{3}") == true {
            throw CommandFailure(.interrupted, "interrupted")
        }
        return line
    }
}
