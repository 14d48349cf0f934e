/// A person who doesn't exist: the identity number's place, 999999, is given to nobody.
struct MadeUpPerson: Sendable {
    struct Insurance: Sendable {
        var insutype: String
        /// Cents.
        var opening: Int64
        /// 1 in force, 2 paused.
        var status = "1"
        var isCivilServant = false
    }

    var number: Int
    var name: String
    var birth: String
    /// 1 male, 2 female.
    var gender: String
    var insurances: [Insurance]

    var psnNo: String { "44019999" + padded(number, 12) }
    var cardNo: String { "HF" + padded(number, 8) }
    var tokenNo: String { "HFECARD" + padded(number, 13) }

    /// 18 characters; the last is the check digit of GB 11643.
    var certNo: String {
        let order = number % 500 * 2 + (gender == "1" ? 1 : 0)
        let body = "999999" + birth.filter { $0 != "-" } + padded(order, 3)
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body.utf8, weights).reduce(0) { $0 + (Int($1.0) - 48) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension MadeUpPerson {
    /// Those that docs/formats/sandbox.md names: edges of names and amounts.
    static let wellKnown: [MadeUpPerson] = [
        MadeUpPerson(
            number: 1, name: "张三丰", birth: "1980-02-29", gender: "1",
            insurances: [Insurance(insutype: "310", opening: 500_000)]),
        MadeUpPerson(
            number: 2, name: "李四妹", birth: "1991-12-31", gender: "2",
            insurances: [Insurance(insutype: "310", opening: 1)]),
        MadeUpPerson(
            number: 3, name: "王小明", birth: "2015-06-01", gender: "1",
            insurances: [Insurance(insutype: "390", opening: 0)]),
        MadeUpPerson(
            number: 4, name: "欧阳明月", birth: "1975-01-01", gender: "2",
            insurances: [Insurance(insutype: "310", opening: 9_999_999_999, isCivilServant: true)]),
        MadeUpPerson(
            number: 5, name: "阿依古丽·买买提", birth: "1968-10-10", gender: "2",
            insurances: [Insurance(insutype: "390", opening: 0)]),
        MadeUpPerson(
            number: 6, name: "𠮷野䶮", birth: "1950-05-05", gender: "1",
            insurances: [Insurance(insutype: "340", opening: 88_888)]),
        MadeUpPerson(
            number: 7, name: "赵停保", birth: "1988-08-08", gender: "1",
            insurances: [Insurance(insutype: "310", opening: 10_000, status: "2")]),
        MadeUpPerson(
            number: 8, name: "钱双保", birth: "1999-09-09", gender: "2",
            insurances: [
                Insurance(insutype: "310", opening: 123_456), Insurance(insutype: "390", opening: 0),
            ]),
    ]

    private static let surnames =
        Array("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜").map { String($0) }
        + ["欧阳", "司马", "上官", "诸葛"]
    private static let givenNames = Array("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文玉兰红梅建国志").map { String($0) }
    private static let edges: [Int64] = [0, 1, 99, 100, 999_999, 10_000_000]

    /// Persons from number 1000 on; the same for the same seed.
    static func random(count: Int, seed: UInt64) -> [MadeUpPerson] {
        var generator = SplitMix64(seed: seed, purpose: "persons")
        return (0..<max(count, 0)).map { index in
            let family = surnames[generator.below(surnames.count)]
            let given = (0...generator.below(2)).map { _ in givenNames[generator.below(givenNames.count)] }
            let isResident = generator.below(10) < 3
            let isEdge = generator.below(8) == 0
            let amount = isEdge ? edges[generator.below(edges.count)] : Int64(generator.below(2_000_000))
            let year = 1940 + generator.below(80)
            let month = 1 + generator.below(12)
            let day = 1 + generator.below(28)
            return MadeUpPerson(
                number: 1000 + index, name: family + given.joined(),
                birth: "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)",
                gender: generator.below(2) == 0 ? "1" : "2",
                insurances: [
                    Insurance(
                        insutype: isResident ? "390" : "310", opening: isResident ? 0 : amount,
                        isCivilServant: !isResident && generator.below(10) == 0)
                ])
        }
    }
}
