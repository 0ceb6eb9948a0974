// The job queues on Service Bus.

@description('Where the namespace is.')
param location string

@description('Name of the namespace.')
param name string

@description('Names of the queues.')
param queues string[]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  // The lowest that knows duplicate detection.
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }

  resource queue 'queues' = [
    for queue in queues: {
      name: queue
      properties: {
        // Renewed while an encoder lives; a dead one's job is back within a minute.
        lockDuration: 'PT1M'
        // Message ids are key, generation and attempt; the same one is sent again only while nobody knows whether it arrived.
        requiresDuplicateDetection: true
        duplicateDetectionHistoryTimeWindow: 'PT10M'
        // The encoder gives up by itself after five attempts without progress. Every delivery counts here, also of a job that an encoder handed
        // back since it was stopped, and a long film may survive many of those.
        maxDeliveryCount: 1000
        deadLetteringOnMessageExpiration: true
        // Longer than what a job says of itself, which is what counts.
        defaultMessageTimeToLive: 'P7D'
        enablePartitioning: false
        maxSizeInMegabytes: 1024
      }
    }
  ]
}

output name string = namespace.name

// As in name.servicebus.windows.net, whatever the cloud.
output host string = split(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':')[0]
