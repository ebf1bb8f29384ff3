/// Appends a field of a comma-separated table (RFC 4180). It is quoted when it is empty, holds a comma, a quote, CR or
/// LF, or begins or ends with a space; quotes inside are doubled.
package func appendCSVField(_ text: some Collection<UInt8>, to table: inout [UInt8]) {
    let field = Array(text)
    let quote = UInt8(ascii: "\"")
    let space = UInt8(ascii: " ")
    let needsQuotes =
        field.isEmpty || field.first == space || field.last == space
        || field.contains { $0 == UInt8(ascii: ",") || $0 == quote || $0 == 0x0d || $0 == 0x0a }
    guard needsQuotes else {
        table += field
        return
    }
    table.append(quote)
    for byte in field {
        if byte == quote { table.append(quote) }
        table.append(byte)
    }
    table.append(quote)
}
