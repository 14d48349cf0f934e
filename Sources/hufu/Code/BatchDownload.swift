import ActivationClient
import AuditLog
import Foundation

/// Brings a batch into a file and puts it into force: stream, fsync, rename, confirm.
struct BatchDownload {
    var application: String
    var format: BatchFormat
    var file: String
    var forceProgress: Bool
    var server: ServerOptions

    func run() async throws {
        guard access(file, F_OK) != 0 else {
            throw CommandFailure(.environment, "error: \(file) exists already")
        }
        let connection = try await server.signedIn()
        let target = try BatchFile(path: file)
        defer { target.finish() }
        defer { Interruption.end() }
        let batch: String
        let receipt: BatchReceiver.Receipt
        do {
            (batch, receipt) = try await receive(connection, into: target)
            try target.place()
        } catch {
            target.discard()
            throw error
        }
        Interruption.end()
        try await confirm(batch, receipt)
    }

    private func receive(
        _ connection: APIConnection, into target: BatchFile
    ) async throws -> (batch: String, receipt: BatchReceiver.Receipt) {
        let stream = try await connection.stream(
            .post, "/v1/batches",
            body: ["application_id": .string(application), "format": .string(format.rawValue)])
        guard let batch = stream.header("x-batch-id"),
            let count = stream.header("x-batch-count").flatMap({ Int($0) })
        else { throw UnexpectedAnswer("the batch lacks its id or count") }
        let progress = ProgressBar("codes", forced: forceProgress)
        defer { progress.finish() }
        var receiver = BatchReceiver(format: format, count: count)
        do {
            try await stream.forEach { piece in
                try target.write(receiver.take(piece))
                progress.update(receiver.codes, of: count)
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw ServerUnreachable(address: connection.address, reason: "the stream broke off: \(error)")
        }
        let receipt = try receiver.finish()
        guard receipt.batchID == nil || receipt.batchID == batch else {
            throw UnexpectedAnswer("the trailer names another batch")
        }
        return (batch, receipt)
    }

    /// The file is durable. A refusal means that none of its codes exists; without an answer that is not
    /// known.
    private func confirm(_ batch: String, _ receipt: BatchReceiver.Receipt) async throws {
        do {
            // The stream may have outlived the token.
            let answer = try await server.signedIn().send(
                .post, RequestPath.make("batches", batch, "confirm"),
                body: ["sha256": .string(receipt.sha256)])
            guard !server.json else { return print(answer.text) }
            print("\(receipt.count) codes in \(file)\nbatch \(batch)\nsha256 \(receipt.sha256)")
        } catch let problem as APIProblem where problem.status < 500 {
            unlink(file)
            standardError("the batch was not confirmed; \(file) is removed, none of its codes exists")
            throw problem
        } catch {
            standardError(
                """
                it is not known whether batch \(batch) is in force; \(file) is kept
                  cure: hufu code list --batch \(batch)
                  if that lists codes, the file is good; if it stays empty for 20 minutes, delete the file
                """)
            throw error
        }
    }
}
