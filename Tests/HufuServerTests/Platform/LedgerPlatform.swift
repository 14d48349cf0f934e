import InsurancePlatform

/// A platform in memory that keeps books as the real one does: by `msgid`, a visit settled once, refunds as rows
/// of their own, reversals by 2601. The peer at the seam, for tests that need thousands of calls.
actor LedgerPlatform: Platform {
    struct Row: Sendable {
        var msgid: String
        var infno: String
        var psnNo: String
        var insutype: String
        var info: SettlementInfo
        /// The row that a refund takes back.
        var refunds: String?
        var isReversed = false
    }

    private(set) var rows: [String: Row] = [:]
    /// Every message that moved money, as often as it came.
    private(set) var arrivals: [String: Int] = [:]
    private(set) var counts: [String: Int] = [:]
    var files: [String: [UInt8]] = [:]
    /// The sign-ins that count, where every call needs one.
    private var signedIn: Set<String>?
    var nextFile = 0
    private var stays: [String: Bool] = [:]
    private var nextID = 0
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: unix milliseconds.
    init(clock: @escaping @Sendable () -> Int64) { self.clock = clock }

    func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        if let signedIn, !signedIn.contains(call.signNo ?? "") { return refusal(16, "sign in first") }
        counts[call.infno, default: 0] += 1
        do {
            return try answer(call)
        } catch let error as FsiError {
            return refusal(2, error.sentence)
        } catch {
            throw .unknown(.serverError, detail: "\(error)")
        }
    }

    private func answer(_ call: PlatformCall) throws -> PlatformAnswer {
        switch call.infno.prefix(4) {
        case "2207", "2304":
            return settle(call, try Settlement(input: call.input).request)
        case "2208": return cancel(call, try SettlementCancel(input: call.input))
        case "2401":
            guard stays[call.msgid] == nil else { return refusal(11, "the msgid was used") }
            stays[call.msgid] = true
            return success(InpatientRegistration.Answer(mdtrtID: "M\(call.msgid.suffix(8))").output)
        case "2601": return reverse(try Reversal(input: call.input))
        case "5203":
            let query = try SettlementQuery(input: call.input)
            let found = live.filter { $0.psnNo == query.psnNo && $0.info.mdtrtID == query.mdtrtID }
            return success(SettlementQuery.Answer(settlements: found.map(\.info)).output)
        case "3201": return compare(try StatementTotal(input: call.input))
        case "3202": return try detail(try StatementDetail(input: call.input))
        case "9101": return upload(try FileUpload(input: call.input))
        case "9102": return download(try FileDownload(input: call.input))
        default: return refusal(1, "no such transaction")
        }
    }

    var live: [Row] { rows.values.filter { !$0.isReversed }.sorted { $0.info.setlID < $1.info.setlID } }

    func signIn(_ numbers: Set<String>) { signedIn = numbers }

    /// A settlement that nobody told the journal of.
    func addForeign(_ call: PlatformCall) throws {
        _ = settle(call, try Settlement(input: call.input).request)
    }

    /// Loses a settlement, or changes its total, behind everybody's back.
    func tamper(msgid: String, total: ExactDecimal?) {
        if let total { rows[msgid]?.info.medfeeSumamt = total } else { rows[msgid] = nil }
    }

    /// Forgets that a settlement was reversed.
    func reinstate(msgid: String) { rows[msgid]?.isReversed = false }

    private func settle(_ call: PlatformCall, _ request: SettlementRequest) -> PlatformAnswer {
        arrivals[call.msgid, default: 0] += 1
        guard rows[call.msgid] == nil else { return refusal(11, "the msgid was used") }
        let taken = Set(live.compactMap(\.refunds))
        let settled = live.contains {
            $0.info.mdtrtID == request.mdtrtID && $0.refunds == nil && !taken.contains($0.msgid)
        }
        if settled { return refusal(12, "the visit is settled") }
        let fund = request.medfeeSumamt.multiplied(by: ExactDecimal(units: 7, scale: 1), scale: 2)
        let account = request.acctUsedFlag == "1" ? ExactDecimal(cents: 10) : .zero
        var info = SettlementInfo(
            mdtrtID: request.mdtrtID, setlID: newID(), setlTime: ChinaTime.text(clock(), .text),
            medinsSetlID: call.msgid, medfeeSumamt: request.medfeeSumamt, fundPaySumamt: fund,
            acctPay: account, psnCashPay: request.medfeeSumamt - fund - account)
        info.clrType = call.infno.hasPrefix("2207") ? "11" : "21"
        rows[call.msgid] = Row(
            msgid: call.msgid, infno: call.infno, psnNo: request.psnNo, insutype: request.insutype, info: info
        )
        return success(SettlementAnswer(info: info).output)
    }

    private func cancel(_ call: PlatformCall, _ request: SettlementCancel) -> PlatformAnswer {
        arrivals[call.msgid, default: 0] += 1
        guard rows[call.msgid] == nil else { return refusal(11, "the msgid was used") }
        guard
            let original = live.first(where: { $0.info.setlID == request.setlID && $0.refunds == nil }),
            !live.contains(where: { $0.refunds == original.msgid })
        else { return refusal(13, "nothing to cancel") }
        var info = original.info.negated
        info.setlID = newID()
        info.medinsSetlID = call.msgid
        info.setlTime = ChinaTime.text(clock(), .text)
        rows[call.msgid] = Row(
            msgid: call.msgid, infno: call.infno, psnNo: original.psnNo, insutype: original.insutype,
            info: info, refunds: original.msgid)
        return success(SettlementAnswer(info: info).output)
    }

    private func reverse(_ request: Reversal) -> PlatformAnswer {
        if stays[request.omsgid] == true {
            stays[request.omsgid] = false
            return success(.null)
        }
        guard let row = rows[request.omsgid], !row.isReversed else { return refusal(14, "no such call") }
        if live.contains(where: { $0.refunds == row.msgid }) { return refusal(15, "it is refunded") }
        rows[request.omsgid]?.isReversed = true
        return success(.null)
    }

    private func newID() -> String {
        nextID += 1
        let digits = String(nextID)
        return "S" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    func success(_ output: ExactJSON) -> PlatformAnswer {
        PlatformAnswer(infcode: 0, refMessageID: "R\(counts.values.reduce(0, +))", output: output)
    }

    func refusal(_ infcode: Int, _ message: String) -> PlatformAnswer {
        PlatformAnswer(infcode: infcode, refMessageID: "R", message: message)
    }
}
