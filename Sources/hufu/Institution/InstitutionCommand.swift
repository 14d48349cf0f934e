import ArgumentParser

struct InstitutionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "institution",
        abstract: "The hospitals, pharmacies and vendors that codes are issued to.",
        subcommands: [InstitutionCreate.self, InstitutionList.self])

    static let columns: [Column] = ["id", "name", "kind", "region", "created_at"]
}
