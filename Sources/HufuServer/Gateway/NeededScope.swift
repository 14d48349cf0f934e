/// The scope that a call needs, by its route.
enum NeededScope {
    static let patientRead = "patient.read"
    static let claimWrite = "claim.write"
    static let prescriptionWrite = "prescription.write"

    /// The services of fsi that only read; sites that append the transaction's number to one URL name it so.
    private static let queries: Set<Substring> = [
        "fsiPsnInfoService", "catalogqueryservice", "fsiIntegratedQueryService", "1101", "1312", "5203",
    ]

    static func of(method: String, path: Substring) -> String {
        if path.hasPrefix("/epc/api/") { return prescriptionWrite }
        if path.hasPrefix("/fsi/api/") {
            return path.split(separator: "/").contains(where: queries.contains) ? patientRead : claimWrite
        }
        return method == "GET" ? patientRead : claimWrite
    }
}
