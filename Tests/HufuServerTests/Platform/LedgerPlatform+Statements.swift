import InsurancePlatform

extension LedgerPlatform {
    func compare(_ request: StatementTotal) -> PlatformAnswer {
        let group = live.filter {
            $0.insutype == request.insutype && $0.info.clrType == request.clrType
                && $0.info.setlTime.hasPrefix(request.stmtBegndate)
        }
        let agrees =
            group.count == request.fixmedinsSetlCnt
            && group.reduce(.zero) { $0 + $1.info.medfeeSumamt } == request.medfeeSumamt
            && group.reduce(.zero) { $0 + $1.info.fundPaySumamt } == request.fundPaySumamt
            && group.reduce(.zero) { $0 + $1.info.acctPay } == request.acctPay
        return success(
            StatementTotal.Answer(
                setlOptins: request.setlOptins, stmtRslt: agrees ? "0" : "1", stmtRsltDscr: ""
            ).output)
    }

    func upload(_ request: FileUpload) -> PlatformAnswer {
        success(
            FileUpload.Answer(fileQuryNo: keep(request.content), filename: request.filename).output)
    }

    func download(_ request: FileDownload) -> PlatformAnswer {
        guard let content = files[request.fileQuryNo] else { return refusal(16, "no such file") }
        return success(FileDownload.Answer(filename: request.filename, content: content).output)
    }

    func detail(_ request: StatementDetail) throws -> PlatformAnswer {
        guard let file = files[request.fileQuryNo] else { return refusal(16, "no such file") }
        var theirs = Dictionary(
            uniqueKeysWithValues: try StatementFile.rows(fromZip: file).map { ($0.setlID, $0) })
        var differences: [StatementDifference] = []
        for row in live where row.info.setlTime.hasPrefix(request.stmtBegndate) {
            let given = theirs.removeValue(forKey: row.info.setlID)
            let result: StatementDifference.Result =
                if let given {
                    given.medfeeSumamt == row.info.medfeeSumamt
                        && given.fundPaySumamt == row.info.fundPaySumamt
                        && given.acctPay == row.info.acctPay ? .agrees : .amountsDiffer
                } else {
                    .onlyPlatform
                }
            if result == .agrees { continue }
            differences.append(
                StatementDifference(
                    psnNo: row.psnNo, mdtrtID: row.info.mdtrtID, setlID: row.info.setlID, msgid: row.msgid,
                    stmtRslt: result.rawValue, isRefund: row.refunds != nil))
        }
        for row in theirs.values {
            differences.append(
                StatementDifference(
                    psnNo: row.psnNo, mdtrtID: row.mdtrtID, setlID: row.setlID, msgid: "",
                    stmtRslt: StatementDifference.Result.onlyInstitution.rawValue, isRefund: row.isRefund))
        }
        let number = keep(try StatementFile.zip(differences: differences))
        return success(
            StatementDetail.Answer(fileQuryNo: number, filename: "result.zip", dldEndtime: "").output)
    }

    private func keep(_ content: [UInt8]) -> String {
        nextFile += 1
        files["F\(nextFile)"] = content
        return "F\(nextFile)"
    }
}
