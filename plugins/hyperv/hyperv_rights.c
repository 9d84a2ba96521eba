#include "hyperv_rights.h"

#define V1 "root/virtualization"
#define V2 "root/virtualization/v2"
#define GROUP                                                                                                          \
    "on the host: net localgroup \"Hyper-V Administrators\" ACCOUNT /add (the group is not read-only: it may change "  \
    "and delete virtual machines; no lesser group sees them); on Windows Server 2008 and 2008 R2: net localgroup "     \
    "Administrators ACCOUNT /add"

const struct wsman_doctor_right rights_needed[] = {
    { .step = "wmi",
      .space = "root/cimv2",
      .wql = "SELECT Version FROM Win32_OperatingSystem",
      .needed = true,
      .must_bring = true,
      .remedy = WSMAN_DOCTOR_NAMESPACE("root\\cimv2") },
    { .step = "computer",
      .space = "root/cimv2",
      .wql = "SELECT UUID FROM Win32_ComputerSystemProduct",
      .needed = true,
      .must_bring = true,
      .remedy = WSMAN_DOCTOR_NAMESPACE("root\\cimv2") },
    { .step = "namespace",
      .space = V2,
      .older = V1,
      .wql = "SELECT Name FROM Msvm_VirtualSystemManagementService",
      .needed = true,
      .remedy = "where the namespace is not there: the computer has no Hyper-V role (Install-WindowsFeature Hyper-V), "
                "so take it out or scan it by the plugin windows; where access is denied, " GROUP },
    { .step = "sight",
      .space = V2,
      .older = V1,
      .wql = "SELECT Name FROM Msvm_VirtualSystemManagementService",
      .must_bring = true,
      .without = "virtual machines (R13, R14); the scan is partial",
      .remedy = GROUP },
    { .step = "guests",
      .space = V2,
      .older = V1,
      .wql = "SELECT SystemName FROM Msvm_KvpExchangeComponent",
      .without = "what guests tell of themselves (R13)",
      .remedy = GROUP },
    { .step = "hotfixes",
      .space = "root/cimv2",
      .wql = "SELECT HotFixID FROM Win32_QuickFixEngineering WHERE HotFixID = 'KB975354' OR HotFixID = 'KB971394'",
      .without = "updates of Hyper-V on Windows Server 2008 R2 (R17, R18)",
      .remedy = WSMAN_DOCTOR_NAMESPACE("root\\cimv2") },
    { .step = "cluster",
      .space = "root/MSCluster",
      .wql = "SELECT Name FROM MSCluster_Cluster",
      .without =
          "whether it is a node of a cluster (R16, R18, R21, R22), its nodes and shared volumes; the scan is partial",
      .remedy = "on a node: Grant-ClusterAccess -User DOMAIN\\ACCOUNT -ReadOnly, and wmimgmt.msc, WMI Control, "
                "Properties, Security, root\\MSCluster: Enable Account and Remote Enable" },
};

const size_t rights_count = sizeof rights_needed / sizeof *rights_needed;
