using System.Security.Cryptography;
using System.Text;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>A named key of a namespace or queue. No record: those print their members.</summary>
internal sealed class SharedKey(string name, string secret)
{
    /// <summary>A shared access signature for one audience.</summary>
    public string Sign(string audience, DateTimeOffset expires)
    {
        var resource = Uri.EscapeDataString(audience);
        var seconds = expires.ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{resource}\n{seconds}"));
        return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={seconds}&skn={Uri.EscapeDataString(name)}";
    }
}
