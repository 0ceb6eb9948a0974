// Who may read the films: the part of the roles that may be in another resource group.

@description('Account of the films.')
param account string

@description('Its container of the films.')
param container string

@description('Names of the identities of the function app and of the encoders.')
param identities { app: string, encoder: string }

@description('Their object ids.')
param principals { app: string, encoder: string }

@description('The person who uploads films: an object id, or empty.')
param operator string

@description('What that person is.')
param operatorType 'User' | 'Group' | 'ServicePrincipal'

var blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'

resource media 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: account

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource films 'containers' existing = {
      name: container
    }
  }
}

resource read 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for who in ['app', 'encoder']: {
    scope: media::blobs::films
    name: guid(media::blobs::films.id, identities[who], blobReader)
    properties: {
      principalId: principals[who]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobReader)
    }
  }
]

resource upload 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operator)) {
  scope: media::blobs::films
  name: guid(media::blobs::films.id, operator, blobContributor)
  properties: {
    principalId: operator
    principalType: operatorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
  }
}
