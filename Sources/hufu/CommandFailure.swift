import ActivationClient
import ActivationCodes
import ArgumentParser
import AuditLog
import Foundation
import RequestSigning
import ShangMi

/// The exit codes of the root command's help; 64 for wrong usage is ArgumentParser's.
enum ExitStatus: Int32 {
    case refused = 1
    case environment = 2
    case unreachable = 3
    case interrupted = 130
}

/// What is said on standard error, and with which code the program ends.
struct CommandFailure: Error {
    var status: ExitStatus
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Nil for what ArgumentParser itself reports: wrong usage, help, a clean exit.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure:
            self = failure
        case let problem as APIProblem:
            self.init(problem.status < 500 ? .refused : .unreachable, Self.text(problem))
        case let failure as ServerUnreachable:
            self.init(.unreachable, "error: \(failure)")
        case let error as LeaseError:
            self.init(.refused, "refused: the lease does not count: \(error)")
        case let error as CodeFormatError:
            self.init(.environment, "error: not an activation code: \(Self.text(error))")
        case is ServerAddressError, is PrivateFileError, is DeviceFileError, is UnexpectedAnswer,
            is CodeFieldError,
            is JSONError, is NoteError, is CheckpointError, is TileError, is TileFileError, is LogProofError,
            is CancellationError:
            self.init(.environment, "error: \(error)")
        case let error as ShangMiError:
            self.init(.refused, "refused: \(error.explanation)")
        case let refusal as SigningRefusal:
            let detail = refusal.detail.isEmpty ? "" : ": \(refusal.detail)"
            self.init(.environment, "error: \(refusal.code.rawValue)\(detail)")
        case let error as UnreadableRequest:
            self.init(.environment, "error: \(error.text.english)\n  \(error.text.chinese)")
        case let error as CocoaError:
            self.init(.environment, "error: \(error.localizedDescription)")
        default:
            return nil
        }
    }

    /// The reason first, then every check that failed with what would cure it, in English and Chinese.
    private static func text(_ problem: APIProblem) -> String {
        var lines = ["\(problem.status < 500 ? "refused" : "error"): \(problem.code): \(problem.title)"]
        if let detail = problem.detail, detail != problem.title { lines.append("  \(detail)") }
        if let field = problem.field {
            lines.append("  field \(field)" + (problem.allowed.map { "; allowed: \($0)" } ?? ""))
        }
        if let until = problem.validUntil { lines.append("  valid until \(until.rfc3339)") }
        for check in problem.checks {
            lines.append("  - \(check.code)" + (check.detail.map { ": \($0)" } ?? ""))
            if let cure = check.cure { lines.append("    cure: \(cure)") }
            if let cure = check.cureInChinese { lines.append("    解决办法：\(cure)") }
        }
        if problem.code == "unauthenticated" { lines.append("  cure: hufu operator login NAME") }
        if let seconds = problem.retryAfter { lines.append("  try again in \(seconds) s") }
        if let id = problem.requestID { lines.append("  request \(id)") }
        return lines.map { $0.withoutControls }.joined(separator: "\n")
    }

    private static func text(_ error: CodeFormatError) -> String {
        switch error {
        case .wrongLength(let count): "it has \(count) symbols, not \(CodeSecret.symbolCount)"
        case .unknownSymbol(let position): "its symbol \(position + 1) is none of the alphabet's"
        case .checkFailed: "its check symbols do not fit; is it mistyped?"
        }
    }
}

func standardError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
