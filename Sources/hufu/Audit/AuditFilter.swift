import ArgumentParser

/// Which entries.
struct AuditFilter: ParsableArguments {
    @Option(help: "An event, such as code.validated.")
    var event: String?

    @Option(help: "The id of what it is about: a code, an application, an operator …")
    var subject: String?

    @Option(help: "An application's id: everything on its path.")
    var application: String?

    @Option(help: "success, refused or failure.")
    var outcome: String?

    var query: [(String, String?)] {
        [("event", event), ("subject_id", subject), ("application_id", application), ("outcome", outcome)]
    }
}
