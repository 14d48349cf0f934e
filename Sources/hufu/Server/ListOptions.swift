import ArgumentParser

/// The page of a list.
struct ListOptions: ParsableArguments {
    @Option(help: "How many rows, 1–500.")
    var limit = 50

    @Option(help: "Continue behind the page that gave this cursor.")
    var cursor: String?

    func validate() throws {
        guard 1...500 ~= limit else { throw ValidationError("--limit must be between 1 and 500") }
    }

    var query: [(String, String?)] { [("limit", String(limit)), ("cursor", cursor)] }
}
