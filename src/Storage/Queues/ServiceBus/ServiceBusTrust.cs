using System.Net.Security;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Decides about the service's certificate in place of this machine's own list; tests do, whose certificates are on nobody's list.</summary>
internal sealed record ServiceBusTrust(RemoteCertificateValidationCallback? Callback);
