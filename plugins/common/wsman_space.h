/* The namespaces of WS-Management and its neighbours (DSP0226, DSP0227, MS-WSMV 2.2). */
#ifndef WSMAN_SPACE_H
#define WSMAN_SPACE_H

#define WSMAN_ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define WSMAN_ENUMERATION "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
#define WSMAN_TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define WSMAN_MANAGEMENT "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define WSMAN_IDENTITY "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
#define WSMAN_CIM "http://schemas.dmtf.org/wbem/wscim/1/common"
#define WSMAN_WINDOWS "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
#define WSMAN_WINDOWS_FAULT "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
#define WSMAN_WQL "http://schemas.microsoft.com/wbem/wsman/1/WQL"
#define WSMAN_WMI "http://schemas.microsoft.com/wbem/wsman/1/wmi/" /* a namespace and a class follow */

#endif
