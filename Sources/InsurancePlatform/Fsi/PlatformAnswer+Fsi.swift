import RequestSigning

extension PlatformAnswer {
    /// Reads an answer as sites write it: `infcode` as a number or a string; `output` as a value, as JSON in a
    /// string, or absent; `err_msg` null, absent or a text.
    ///
    /// - Throws: `invalid_json`, `missing_field` or `malformed_field` for `infcode`, `malformed_field` for an
    ///   `output` that is a string but no JSON.
    public init(fsi bytes: [UInt8]) throws(FsiError) {
        let answer = try Self.json(bytes, field: nil)
        guard case .object = answer else { throw FsiError(.invalidJSON, "the answer is a JSON object") }
        guard let code = answer["infcode"], code != .null else {
            throw FsiError(.missingField, field: "infcode", "the answer has none")
        }
        guard let text = code.string, let infcode = Self.integer(text) else {
            throw FsiError(.malformedField, field: "infcode", "an integer is due")
        }
        self.init(
            infcode: infcode, refMessageID: answer["inf_refmsgid"]?.string ?? "",
            message: answer["err_msg"]?.string, output: try Self.output(answer["output"]))
    }

    private static func integer(_ text: String) -> Int? {
        let trimmed = text.drop { $0 == " " }
        let end = trimmed.lastIndex { $0 != " " }
        return end.flatMap { Int(trimmed[...$0]) }
    }

    private static func output(_ value: ExactJSON?) throws(FsiError) -> ExactJSON {
        switch value {
        case nil: return .null
        case .string(let text)? where text.isEmpty: return .null
        case .string(let text)?: return try json(Array(text.utf8), field: "output")
        case let value?: return value
        }
    }

    private static func json(_ bytes: [UInt8], field: String?) throws(FsiError) -> ExactJSON {
        do {
            return try ExactJSON(parsing: bytes, limits: FsiRequest.limits)
        } catch {
            let code: FsiError.Code = field == nil ? .invalidJSON : .malformedField
            throw FsiError(code, field: field, "not JSON: \(error.code.rawValue)")
        }
    }
}
