# What changes in the vInfo tab of rvtools/ between the two passes of ./run demo.

# VDI-0022 gets twice the memory. The vCenter sees it; the machine's other source does not.
/^VDI-0022,/ s/,2,,4096,/,2,,8192,/
