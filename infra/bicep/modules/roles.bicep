// Who may do what: every role assignment of the deployment, those on the films in roles-media.bicep. docs/deploy.md has the table with the reasons.

@description('Names of the identities: of the function app, of the encoders, and that by which Container Apps pulls and scales.')
param identities { app: string, encoder: string, platform: string }

@description('The person who deploys packages and uploads films: an object id, or empty.')
param operator string

@description('What that person is.')
param operatorType 'User' | 'Group' | 'ServicePrincipal'

@description('Account of the cache.')
param cacheAccount string

@description('Account of the Functions host.')
param hostAccount string

@description('Its container of the package.')
param packageContainer string

@description('Account of the films.')
param mediaAccount string

@description('Its resource group.')
param mediaResourceGroup string

@description('Its container of the films.')
param mediaContainer string

@description('Service Bus namespace; empty when the jobs are in Storage queues.')
param namespace string

@description('Names of the job queues.')
param queues string[]

@description('Registry of the image; empty when the image is public.')
param registry string

@description('Vault of the admin key; empty when there is none.')
param vault string

// Ids of Azure's own roles.
var role = {
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  busOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
  busReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  busSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  queueReader: '19e7f393-937e-4f77-808e-94535e297925'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

var hasBus = !empty(namespace)

resource appIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.app
}

resource encoderIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.encoder
}

resource platformIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.platform
}

var principals = {
  app: appIdentity.properties.principalId
  encoder: encoderIdentity.properties.principalId
  platform: platformIdentity.properties.principalId
}

// The app and the encoders make containers and tables, so the account is the scope. The contributor of blobs may also sign.
var onCache = concat(
  [
    { who: 'app', role: role.blobContributor }
    { who: 'app', role: role.tableContributor }
    { who: 'encoder', role: role.blobContributor }
    { who: 'encoder', role: role.tableContributor }
  ],
  hasBus
    ? []
    : [
        { who: 'app', role: role.queueContributor }
        { who: 'encoder', role: role.queueContributor }
        { who: 'platform', role: role.queueReader }
      ]
)

// What the Functions host asks for.
var onHost = [
  { who: 'app', role: role.blobOwner }
  { who: 'app', role: role.tableContributor }
]

// The app looks at the queues to know when they are full. Container Apps asks how long they are, which is a right of owners.
var onQueues = flatten(map(hasBus ? range(0, length(queues)) : [], queue => [
  { queue: queue, who: 'app', role: role.busSender }
  { queue: queue, who: 'app', role: role.busReceiver }
  { queue: queue, who: 'encoder', role: role.busReceiver }
  { queue: queue, who: 'encoder', role: role.busSender }
  { queue: queue, who: 'platform', role: role.busOwner }
]))

resource cache 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: cacheAccount
}

resource cacheRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for a in onCache: {
    scope: cache
    name: guid(cache.id, identities[a.who], a.role)
    properties: {
      principalId: principals[a.who]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', a.role)
    }
  }
]

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccount

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource packages 'containers' existing = {
      name: packageContainer
    }
  }
}

resource hostRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for a in onHost: {
    scope: host
    name: guid(host.id, identities[a.who], a.role)
    properties: {
      principalId: principals[a.who]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', a.role)
    }
  }
]

resource operatorRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operator)) {
  scope: host::blobs::packages
  name: guid(host::blobs::packages.id, operator, role.blobContributor)
  properties: {
    principalId: operator
    principalType: operatorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.blobContributor)
  }
}

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (hasBus) {
  name: hasBus ? namespace : 'none'
}

resource jobs 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = [
  for queue in queues: if (hasBus) {
    parent: bus
    name: queue
  }
]

resource queueRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for a in onQueues: {
    scope: jobs[a.queue]
    name: guid(jobs[a.queue].id, identities[a.who], a.role)
    properties: {
      principalId: principals[a.who]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', a.role)
    }
  }
]

resource images 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = if (!empty(registry)) {
  name: empty(registry) ? 'none' : registry
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(registry)) {
  scope: images
  name: guid(images.id, identities.platform, role.acrPull)
  properties: {
    principalId: principals.platform
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.acrPull)
  }
}

resource keys 'Microsoft.KeyVault/vaults@2024-11-01' existing = if (!empty(vault)) {
  name: empty(vault) ? 'none' : vault
}

resource readKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(vault)) {
  scope: keys
  name: guid(keys.id, identities.app, role.secretsUser)
  properties: {
    principalId: principals.app
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.secretsUser)
  }
}

module media 'roles-media.bicep' = {
  scope: resourceGroup(mediaResourceGroup)
  params: {
    account: mediaAccount
    container: mediaContainer
    identities: { app: identities.app, encoder: identities.encoder }
    principals: { app: principals.app, encoder: principals.encoder }
    operator: operator
    operatorType: operatorType
  }
}
