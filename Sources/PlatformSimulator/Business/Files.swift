import Foundation
import GRDB
import InsurancePlatform

/// 9101 and 9102. A file can be fetched by the institution it is for.
extension LedgerTransaction {
    func upload(_ query: FileUpload, _ call: BusinessCall) throws -> FileUpload.Answer {
        guard query.fixmedinsCode == call.institution else { throw BusinessRefusal.unknownInstitution }
        let number = try keep(file: query.filename, query.content, call)
        return FileUpload.Answer(fileQuryNo: number, filename: query.filename)
    }

    func download(_ query: FileDownload, _ call: BusinessCall) throws -> FileDownload.Answer {
        let (name, content) = try file(query.fileQuryNo, call)
        guard query.filename.isEmpty || query.filename == name else { throw BusinessRefusal.unknownFile }
        return FileDownload.Answer(filename: name, content: content)
    }

    /// The number under which the file can be asked for.
    func keep(file name: String, _ content: [UInt8], _ call: BusinessCall) throws -> String {
        let count = try number("SELECT count(*) FROM file") + 1
        let number = "FILE" + ChinaTime.text(call.received, .compact) + "\(count)"
        try run(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?)",
            [number, call.institution, name, Data(content), call.received])
        return number
    }

    func file(_ number: String, _ call: BusinessCall) throws -> (name: String, content: [UInt8]) {
        let row = try first(
            "SELECT name, content FROM file WHERE number = ? AND institution = ?", [number, call.institution])
        guard let row else { throw BusinessRefusal.unknownFile }
        let content: Data = row["content"]
        return (row["name"], Array(content))
    }
}
