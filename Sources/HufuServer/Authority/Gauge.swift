/// A figure of the moment, for `/metrics`.
struct Gauge {
    let name: String
    let help: String
    private let value: String

    init(_ name: String, _ help: String, _ value: some Numeric & CustomStringConvertible) {
        self.name = name
        self.help = help
        self.value = value.description
    }

    /// Prometheus text exposition format 0.0.4.
    var text: String { "# HELP \(name) \(help)\n# TYPE \(name) gauge\n\(name) \(value)\n" }
}
