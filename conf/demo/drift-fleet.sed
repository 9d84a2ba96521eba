# What changes in fleet.jsonl between the two passes of ./run demo: an evening in the docks. Each change is told in
# README.md; tests/system/test_demo_pass.c holds the demo to it.

# RTM-SQL12 is live-migrated from node 1 of the cluster to node 2, while backups run.
/^{"kind":"vm","key":"1988e45c-d03a-56ce-b705-d2abe832c082"/ s/"runs_on","kind":"hyperv_host","key":"[^"]*"/"runs_on","kind":"hyperv_host","key":"1ee908e5-d31d-5601-a9f3-a91116fdc0a0"/
/^{"kind":"machine","key":"45185add-557c-5a15-a37e-accf3d4a2513"/ s/"hardware.physical_host":"RTM-HVC01"/"hardware.physical_host":"RTM-HVC02"/

# RTM-SQL16 gets service pack 2, a level that the published page does not name.
/^{"kind":"sql_instance","key":"rtm-sql16/ s/"sql.build":"13.0.4574.0"/"sql.build":"13.0.5026.0"/
/^{"kind":"sql_instance","key":"rtm-sql16/ s/"sql.level":"SP1","sql.machine":"RTM-SQL16","sql.port":1433,"sql.update_level":"CU15"/"sql.level":"SP2","sql.machine":"RTM-SQL16","sql.port":1433/

# RTM-APP02 gets WMF 5.1, so that its PowerShell is new enough for the agent.
/^{"kind":"machine","key":"5aed07fe-760f-5cac-b069-494ed3c8e74e"/ s/"wmf.version":"2.0"/"wmf.version":"5.1.14409.1005"/

# RTM-LEG01 is switched off: its guest does not answer any more.
/^{"kind":"vm","key":"9c73a781-27e5-5149-aff6-4f2ee74e66b5"/ {
    s/"guest\.[a-z_]*":"[^"]*",//g
    s/"guest\.[a-z_]*":[0-9]*,//g
    s/"vm.state":"running"/"vm.state":"off"/
    s/}$/,"unread":[{"attributes":"guest.","why":"the virtual machine is off"}]}/
}

# ant-lnx02 gets a name with a line break, made to look like a line of a log.
/^{"kind":"vm","key":"b23712bb-6ea5-535e-8166-fbfd2243470f"/ s/"id.name":"ant-lnx02"/"id.name":"ant-lnx02\\nmusterd: info: all is well"/

# ANT-CRANE01 is deleted.
/^{"kind":"vm","key":"c438e67b-7e0b-5e1c-bd05-1bbd63dead1a"/ d

# RTM-TMP01 appears, which nobody told the backup team of. One came, one went: the end line still counts right.
/^{"kind":"vm","key":"9c73a781-27e5-5149-aff6-4f2ee74e66b5"/ a\
{"kind":"vm","key":"6d1f6f0e-5a53-4f0c-9c7e-2f8a31b7c001","attributes":{"guest.arch":"x64","guest.build":"10.0.14393","guest.family":"windows","guest.fqdn":"rtm-tmp01.corp.brackwater.example","guest.name":"Windows Server 2016 Standard","guest.product_type":3,"guest.service_pack":0,"hardware.cpu_count":8,"hardware.memory":34359738368,"id.hyperv_guid":"6d1f6f0e-5a53-4f0c-9c7e-2f8a31b7c001","id.name":"RTM-TMP01","id.uuid":"b1f4d0aa-6a0e-4b55-8f57-0a4c1d2e3f01","vm.clustered":false,"vm.configuration_version":"5.0","vm.disk_places":["local"],"vm.disks":["D:\\\\VMs\\\\RTM-TMP01\\\\os.vhdx"],"vm.generation":2,"vm.pass_through_disks":[],"vm.remote_disks":[],"vm.replication":"none","vm.shared_disks":[],"vm.snapshots":0,"vm.state":"running"},"links":[{"relation":"runs_on","kind":"hyperv_host","key":"aa6bdca9-1f74-5d1b-b983-a714819c4790"}]}
