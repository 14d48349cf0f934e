/// The description of the SOAP service, as the sandbox serves it: one operation, document/literal.
public enum PlatformWSDL {
    /// - Parameter endpoint: the service's address.
    public static func text(endpoint: String) -> String {
        let address = endpoint.reduce(into: "") { text, symbol in
            switch symbol {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case "\"": text += "&quot;"
            default: text.append(symbol)
            }
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <definitions name="Platform" targetNamespace="\(SOAPWriting.namespace)"
                xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
                xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:p="\(SOAPWriting.namespace)">
              <types>
                <xsd:schema targetNamespace="\(SOAPWriting.namespace)" elementFormDefault="qualified">
                  <xsd:element name="Transact">
                    <xsd:complexType>
                      <xsd:sequence>
                        <xsd:element name="infno" type="xsd:string"/>
                        <xsd:element name="format" type="xsd:string"/>
                        <xsd:element name="body" type="xsd:string"/>
                      </xsd:sequence>
                    </xsd:complexType>
                  </xsd:element>
                  <xsd:element name="TransactResponse">
                    <xsd:complexType>
                      <xsd:sequence>
                        <xsd:element name="body" type="xsd:string"/>
                      </xsd:sequence>
                    </xsd:complexType>
                  </xsd:element>
                  <xsd:element name="code" type="xsd:string"/>
                </xsd:schema>
              </types>
              <message name="TransactRequest"><part name="parameters" element="p:Transact"/></message>
              <message name="TransactAnswer"><part name="parameters" element="p:TransactResponse"/></message>
              <message name="TransactFault"><part name="fault" element="p:code"/></message>
              <portType name="PlatformPort">
                <operation name="Transact">
                  <input message="p:TransactRequest"/>
                  <output message="p:TransactAnswer"/>
                  <fault name="TransactFault" message="p:TransactFault"/>
                </operation>
              </portType>
              <binding name="PlatformBinding" type="p:PlatformPort">
                <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
                <operation name="Transact">
                  <soap:operation soapAction="\(SOAPWriting.namespace)#Transact"/>
                  <input><soap:body use="literal"/></input>
                  <output><soap:body use="literal"/></output>
                  <fault name="TransactFault"><soap:fault name="TransactFault" use="literal"/></fault>
                </operation>
              </binding>
              <service name="PlatformService">
                <port name="Platform" binding="p:PlatformBinding"><soap:address location="\(address)"/></port>
              </service>
            </definitions>

            """
    }
}
