// The encoders: a container app that grows with the job queues.

import { variable } from '../settings.bicep'

@description('Where the encoders run.')
param location string

@description('First part of the names.')
param prefix string

@description('The image: repository:tag in the registry, or the full name of a public one.')
param image string

@description('Name of the registry; empty when the image is public.')
param registry string

@description('Names of the identities: the one that the encoder acts by, and the one that pulls the image and counts the jobs.')
param identities { encoder: string, platform: string }

@description('Settings that the encoder reads.')
param settings variable[]

@description('How many replicas there are at least.')
param minReplicas int

@description('How many replicas there may be.')
param maxReplicas int

@description('Cores of a replica; it has twice as many GiB of memory.')
param cores int

@description('What a rule of scaling looks at, for each queue.')
param rules rule[]

@description('Where logs go.')
param workspaceId string

@export()
@description('A queue that encoders are needed for.')
type rule = {
  @description('Name of the rule.')
  name: string

  @description('Kind of scaler.')
  type: 'azure-servicebus' | 'azure-queue'

  @description('What that scaler wants to know.')
  metadata: { *: string }
}

resource actor 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.encoder
}

resource platform 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.platform
}

resource images 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = if (!empty(registry)) {
  name: empty(registry) ? 'none' : registry
}

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' = {
  name: '${prefix}-environment'
  location: location
  properties: {
    // To the workspace by the diagnostic setting below, which needs no key.
    appLogsConfiguration: { destination: 'azure-monitor' }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: environment
  name: 'logs'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

resource encoder 'Microsoft.App/containerApps@2025-07-01' = {
  name: '${prefix}-encoder'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${actor.id}': {}, '${platform.id}': {} }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: empty(registry) ? [] : [{ server: images!.properties.loginServer, identity: platform.id }]
      // The platform's identity may change the queues; no process in the container can have its tokens.
      identitySettings: [
        { identity: actor.id, lifecycle: 'Main' }
        { identity: platform.id, lifecycle: 'None' }
      ]
    }
    template: {
      // Handing work back takes seconds; the encoder itself gives up after 30.
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'encoder'
          image: empty(registry) ? image : '${images!.properties.loginServer}/${image}'
          resources: { cpu: cores, memory: '${cores * 2}Gi' }
          env: concat(settings, [{ name: 'AZURE_CLIENT_ID', value: actor.properties.clientId }])
          volumeMounts: [{ volumeName: 'scratch', mountPath: '/tmp' }]
        }
      ]
      volumes: [{ name: 'scratch', storageType: 'EmptyDir' }]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        // A viewer waits for the first replica.
        pollingInterval: 10
        cooldownPeriod: 300
        rules: [
          for r in rules: {
            name: r.name
            custom: { type: r.type, identity: platform.id, metadata: r.metadata }
          }
        ]
      }
    }
  }
}

output name string = encoder.name
