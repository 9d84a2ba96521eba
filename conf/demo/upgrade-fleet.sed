# What changes in fleet.jsonl after the evening of drift-fleet.sed: ANT-HV08, the Hyper-V host that the page does not
# support, is set up anew with Windows Server 2012 R2, as muster explain advised.
/^{"kind":"hyperv_host","key":"785d5eed-551a-58a2-b8ce-b100751d478e"/ {
    s/"os.build":"6.0.6002"/"os.build":"6.3.9600"/
    s/"os.name":"[^"]*"/"os.name":"Microsoft Windows Server 2012 R2 Standard"/
    s/"os.service_pack":2/"os.service_pack":0/
    s/"os.sku":10/"os.sku":7/
    s/"hyperv.namespace":"v1"/"hyperv.namespace":"v2"/
}
