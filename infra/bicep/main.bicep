// HlsCache in one resource group. docs/deploy.md has the commands.
targetScope = 'resourceGroup'

import { appSettings, encoderSettings } from 'settings.bicep'
import { rule } from 'modules/encoder.bicep'

@description('Where everything is.')
param location string = resourceGroup().location

@description('First part of all names.')
@minLength(2)
@maxLength(6)
param name string = 'hls'

@description('What carries the jobs. Service Bus costs a base rate and knows dead letters and duplicates; a Storage queue costs next to nothing.')
param queueKind 'ServiceBus' | 'StorageQueue' = 'ServiceBus'

@description('What the cache may hold, in GB of 1024³ bytes.')
@minValue(1)
@maxValue(1000000)
param sizeGb int = 100

@description('Account of the films that exists; empty: one is made.')
param mediaAccount string = ''

@description('Resource group of that account.')
param mediaResourceGroup string = resourceGroup().name

@description('Container of the films.')
param mediaContainer string = 'media'

@description('The encoder\'s image: repository:tag in the registry that is made here, or the full name of a public image. Empty: no encoder yet.')
param encoderImage string = ''

@description('Whether to make a registry for the image; otherwise it is public.')
param createRegistry bool = true

@description('Encoders that wait for work: 0 costs nothing while nothing is encoded, 1 shows a first frame sooner.')
@minValue(0)
@maxValue(100)
param minReplicas int = 0

@description('Encoders at most.')
@minValue(1)
@maxValue(300)
param maxReplicas int = 10

@description('Cores of an encoder; it has twice as many GiB of memory.')
@minValue(1)
@maxValue(4)
param encoderCores int = 4

@description('Memory of an instance of the function app in MB.')
param appMemoryMb 512 | 2048 | 4096 = 2048

@description('Instances of the function app at most.')
@minValue(1)
@maxValue(1000)
param appMaxInstances int = 100

@description('Instances of the function app that are always there: 0 costs nothing while nobody plays, 1 answers a first request sooner.')
@minValue(0)
@maxValue(100)
param appAlwaysReady int = 0

@description('Requests that one instance takes before another is started. Those that wait for an encoder count, and cost the instance next to nothing.')
@minValue(1)
@maxValue(1000)
param appConcurrency int = 500

@description('Further settings of the function app.')
param settings appSettings = {}

@description('Further settings of the encoder.')
param encoder encoderSettings = {}

@description('Whether the admin routes answer those who have the admin key; the key is kept in a vault.')
param adminRoutes bool = false

@secure()
@description('The admin key; empty: the one that the vault has stays.')
param adminKey string = ''

@description('Object id of who deploys packages and uploads films; empty: nobody is given the right here.')
param operatorId string = ''

@description('What that is.')
param operatorType 'User' | 'Group' | 'ServicePrincipal' = 'User'

// The same in every deployment to this group, so that a second one changes only what changed.
var unique = uniqueString(resourceGroup().id, name)
var prefix = '${name}-${unique}'
var accounts = {
  cache: '${name}cache${unique}'
  host: '${name}host${unique}'
  media: empty(mediaAccount) ? '${name}media${unique}' : mediaAccount
}
var actors = { app: '${prefix}-app', encoder: '${prefix}-encoder', platform: '${prefix}-platform' }
var packageContainer = 'packages'
var registryName = createRegistry ? '${name}images${unique}' : ''
var vaultName = !adminRoutes ? '' : '${name}-${unique}'
var queues = ['encode-jobs', 'encode-jobs-fill']
var hasBus = queueKind == 'ServiceBus'
var busName = hasBus ? '${prefix}-jobs' : ''

module identities 'modules/identities.bicep' = {
  params: { location: location, names: actors }
}

module monitoring 'modules/monitoring.bicep' = {
  params: { location: location, prefix: prefix }
}

module cache 'modules/storage.bicep' = {
  params: { location: location, name: accounts.cache, servesPages: true }
}

module host 'modules/storage.bicep' = {
  params: { location: location, name: accounts.host, containers: [packageContainer] }
}

module media 'modules/storage.bicep' = if (empty(mediaAccount)) {
  // Originals: a week to undo a mistake.
  params: { location: location, name: accounts.media, containers: [mediaContainer], undoDays: 7 }
}

module jobs 'modules/jobs.bicep' = if (hasBus) {
  params: { location: location, name: busName, queues: queues }
}

module registry 'modules/registry.bicep' = if (createRegistry) {
  params: { location: location, name: registryName }
}

module vault 'modules/vault.bicep' = if (adminRoutes) {
  params: { location: location, name: vaultName, adminKey: adminKey }
}

module roles 'modules/roles.bicep' = {
  params: {
    identities: actors
    operator: operatorId
    operatorType: operatorType
    cacheAccount: accounts.cache
    hostAccount: accounts.host
    packageContainer: packageContainer
    mediaAccount: accounts.media
    mediaResourceGroup: empty(mediaAccount) ? resourceGroup().name : mediaResourceGroup
    mediaContainer: mediaContainer
    namespace: busName
    queues: queues
    registry: registryName
    vault: vaultName
  }
  dependsOn: [identities, cache, host, media, jobs, registry, vault]
}

// What the app and the encoders must agree on.
var shared = union(
  {
    Storage__AccountName: accounts.cache
    Sources__media__AccountName: accounts.media
    Sources__media__Container: mediaContainer
    Queue__Kind: queueKind
    Queue__Name: queues[0]
    APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
  },
  hasBus ? { Queue__Namespace: jobs!.outputs.host } : {}
)

var appVariables = union(
  shared,
  { HlsCache__SizeGb: sizeGb },
  adminRoutes ? { HlsCache__AdminKey: vault!.outputs.reference } : {},
  settings
)

module app 'modules/app.bicep' = {
  params: {
    location: location
    prefix: prefix
    identity: actors.app
    hostAccount: accounts.host
    packages: '${host.outputs.blobEndpoint}${packageContainer}'
    settings: map(items(appVariables), s => { name: s.key, value: string(s.value) })
    memoryMb: appMemoryMb
    maxInstances: appMaxInstances
    alwaysReady: appAlwaysReady
    concurrency: appConcurrency
  }
  dependsOn: [roles]
}

// ffmpeg counts the cores of the machine, of which the replica has only some.
var encoderVariables = union(shared, { Encoder__Threads: encoderCores }, encoder)
var perReplica = string(encoder.?Encoder__Parallel ?? 1)
var rules rule[] = [
  for queue in queues: {
    name: queue
    type: hasBus ? 'azure-servicebus' : 'azure-queue'
    metadata: hasBus
      ? { namespace: busName, queueName: queue, messageCount: perReplica }
      // What is being encoded is invisible and has to count.
      : { accountName: accounts.cache, queueName: queue, queueLength: perReplica, queueLengthStrategy: 'all' }
  }
]

module encoders 'modules/encoder.bicep' = if (!empty(encoderImage)) {
  params: {
    location: location
    prefix: prefix
    image: encoderImage
    registry: registryName
    identities: { encoder: actors.encoder, platform: actors.platform }
    settings: map(items(encoderVariables), s => { name: s.key, value: string(s.value) })
    minReplicas: minReplicas
    maxReplicas: maxReplicas
    cores: encoderCores
    rules: rules
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [roles]
}

@description('Where the app is; its page is at /player.')
output url string = app.outputs.url

@description('Name of the function app.')
output app string = app.outputs.name

@description('Resource id of the function app.')
output appId string = app.outputs.id

@description('Account that the package is uploaded to.')
output hostAccount string = accounts.host

@description('Container of the package.')
output packageContainer string = packageContainer

@description('Account of the films.')
output mediaAccount string = accounts.media

@description('Container of the films.')
output mediaContainer string = mediaContainer

@description('Account of the cache.')
output cacheAccount string = accounts.cache

@description('Registry of the encoder\'s image.')
output registry string = registryName

@description('The container app of the encoders; empty while there is no image.')
output encoder string = empty(encoderImage) ? '' : encoders!.outputs.name

@description('Service Bus namespace of the jobs; empty when they are in Storage queues.')
output namespace string = busName

@description('Workspace of the logs.')
output workspace string = monitoring.outputs.workspaceName
