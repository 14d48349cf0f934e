/// Fills an empty ledger. A ledger that has persons keeps them, whatever the seed is now.
struct MadeUpData: Sendable {
    let seed: UInt64
    let persons: Int
    /// `insuplc_admdvs` of everybody.
    let admvs: String

    func fill(_ ledger: Ledger) async throws {
        try await ledger.write { transaction in
            guard try transaction.number("SELECT count(*) FROM person") == 0 else { return }
            for item in MadeUpItem.all {
                try transaction.run(
                    "INSERT INTO catalogue VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        item.code, item.name, item.listType, item.level, item.selfpayRatio, item.priceLimit,
                    ])
            }
            for person in MadeUpPerson.wellKnown + MadeUpPerson.random(count: persons, seed: seed) {
                try add(person, transaction)
            }
            try transaction.run("INSERT INTO setting VALUES ('seed', ?)", ["\(seed)"])
        }
    }

    private func add(_ person: MadeUpPerson, _ transaction: LedgerTransaction) throws {
        try transaction.run(
            "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, '01', ?)",
            [
                person.psnNo, person.certNo, person.cardNo, person.tokenNo, person.name, person.gender,
                person.birth,
            ])
        for insurance in person.insurances {
            let isEmployee = insurance.insutype != "390"
            try transaction.run(
                "INSERT INTO insurance VALUES (?, ?, ?, ?, ?, ?, '2019-01-01', ?, ?, ?, ?)",
                [
                    person.psnNo, insurance.insutype, admvs, insurance.opening, insurance.opening,
                    insurance.status, insurance.status == "2" ? "2026-01-01" : "",
                    insurance.isCivilServant ? "1" : "0", isEmployee ? "11" : "15",
                    isEmployee ? "虎符沙箱测试单位" : "",
                ])
        }
    }
}
