#include "rights.h"

#define NAMESPACE(name)                                                                                                \
    "on the host: wmimgmt.msc, WMI Control, Properties, Security, " name                                               \
    ": give the account Enable Account and Remote "                                                                    \
    "Enable; and net localgroup \"Remote Management Users\" ACCOUNT /add (before Windows Server 2012: net localgroup " \
    "Administrators ACCOUNT /add)"
#define ADMINISTRATOR "on the host: net localgroup Administrators ACCOUNT /add; there is no lesser right"

const struct wsman_doctor_right rights_needed[] = {
    { .step = "wmi",
      .space = "root/cimv2",
      .wql = "SELECT Version FROM Win32_OperatingSystem",
      .needed = true,
      .must_bring = true,
      .remedy = NAMESPACE("root\\cimv2") },
    { .step = "computer",
      .space = "root/cimv2",
      .wql = "SELECT UUID FROM Win32_ComputerSystemProduct",
      .needed = true,
      .must_bring = true,
      .remedy = NAMESPACE("root\\cimv2") },
    { .step = "registry",
      .key = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion",
      .without = "Windows Management Framework (R5), Exchange, SharePoint, SQL Server, backup agents",
      .remedy = NAMESPACE("root\\default") },
    { .step = "volumes",
      .space = "root/cimv2",
      .wql = "SELECT DeviceID FROM Win32_Volume WHERE DriveType = 3",
      .must_bring = true,
      .without = "file systems and sizes of volumes (R1, R2); the scan is partial",
      .remedy = ADMINISTRATOR },
    { .step = "deduplication",
      .space = "root/Microsoft/Windows/Deduplication",
      .wql = "SELECT VolumeId FROM MSFT_DedupVolume",
      .without = "deduplicated volumes (R7, R9)",
      .remedy = ADMINISTRATOR },
    { .step = "encryption",
      .space = "root/cimv2/Security/MicrosoftVolumeEncryption",
      .wql = "SELECT DeviceID FROM Win32_EncryptableVolume",
      .without = "BitLocker on volumes",
      .remedy = ADMINISTRATOR },
    { .step = "hotfixes",
      .space = "root/cimv2",
      .wql = "SELECT HotFixID FROM Win32_QuickFixEngineering",
      .without = "installed updates (R17, R18)",
      .remedy = NAMESPACE("root\\cimv2") },
    { .step = "cluster",
      .space = "root/MSCluster",
      .wql = "SELECT Name FROM MSCluster_Cluster",
      .without = "whether it is a node of a cluster (R15, R18, R21, R22); the scan is partial",
      .remedy = "on a node: Grant-ClusterAccess -User DOMAIN\\ACCOUNT -ReadOnly, and wmimgmt.msc, WMI Control, "
                "Properties, Security, root\\MSCluster: Enable Account and Remote Enable" },
};

const size_t rights_count = sizeof rights_needed / sizeof *rights_needed;
