import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out why something does not work.",
        subcommands: [DoctorSignature.self, DoctorTLS.self])
}
