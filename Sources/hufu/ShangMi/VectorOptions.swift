import ArgumentParser
import AuditLog
import Foundation

/// A file of test vectors in Wycheproof's form: groups of cases, each with the result that is expected.
struct VectorOptions: ParsableArguments {
    @Option(help: "Run the cases of this JSON file of Wycheproof's form.")
    var vectors: String?

    @Flag(help: "One JSON object a case.")
    var json = false

    /// Prints a verdict for each case. False when no file was given; throws when a verdict differs.
    /// - Parameter verdict: whether a case holds; nil where its group is none that we know.
    func run(_ verdict: (_ algorithm: String, _ group: JSON, _ test: JSON) throws -> Bool?) throws -> Bool {
        guard let path = vectors else { return false }
        let file: JSON
        do { file = try JSON(parsing: Array(try ByteFiles.data(of: path))) } catch let error as JSONError {
            throw CommandFailure(.environment, "error: \(path) is not JSON: \(error)")
        }
        guard let groups = file["testGroups"]?.array, let algorithm = file["algorithm"]?.string else {
            throw CommandFailure(.environment, "error: \(path) has no algorithm or no testGroups")
        }
        var count = 0
        var differing = 0
        for group in groups {
            for test in group["tests"]?.array ?? [] {
                guard let expected = test["result"]?.string, let number = test["tcId"]?.integer,
                    let holds = try verdict(algorithm, group, test)
                else {
                    throw CommandFailure(
                        .environment,
                        "error: \(path): \(algorithm) \(group["type"]?.string ?? "") is no known test")
                }
                let agrees = expected == "acceptable" || holds == (expected == "valid")
                count += 1
                if !agrees { differing += 1 }
                tell(number, expected, holds, agrees, test["comment"]?.string ?? "")
            }
        }
        if !json { print("\(count) cases, \(differing) differ") }
        if differing > 0 {
            throw CommandFailure(.refused, "\(differing) of \(count) verdicts are not as expected")
        }
        return true
    }

    private func tell(_ number: Int, _ expected: String, _ holds: Bool, _ agrees: Bool, _ comment: String) {
        let verdict = holds ? "valid" : "invalid"
        if json {
            let line: JSON = [
                "tc_id": .integer(Int64(number)), "expected": .string(expected), "verdict": .string(verdict),
                "agrees": .bool(agrees), "comment": .string(comment),
            ]
            print(line.canonicalText)
        } else {
            print("\(agrees ? "ok    " : "DIFFERS") \(number)\t\(verdict)\t\(comment)")
        }
    }
}
