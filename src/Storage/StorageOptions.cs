using System.Text.RegularExpressions;
using Azure.Storage.Blobs;

namespace HlsCache.Storage;

/// <summary>Section <c>Storage</c>: the account that holds blobs, tables and the Storage queue, by its key or by this process's identity.</summary>
public sealed partial class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>An Azure Storage connection string with the account's key; that of Azurite on a developer's machine.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Name of an account in which this process's identity has roles; in place of a connection string.</summary>
    public string? AccountName { get; set; }

    /// <summary>Address of the account's blobs where that is not <c>https://&lt;name&gt;.blob.core.windows.net</c>, as in sovereign clouds.</summary>
    public string? BlobEndpoint { get; set; }

    /// <inheritdoc cref="BlobEndpoint"/>
    public string? TableEndpoint { get; set; }

    /// <inheritdoc cref="BlobEndpoint"/>
    public string? QueueEndpoint { get; set; }

    /// <summary>Whether this process's identity is the credential.</summary>
    public bool UsesIdentity => !string.IsNullOrWhiteSpace(AccountName);

    /// <summary>Whether the text can be the name of a storage account.</summary>
    public static bool IsAccountName(string? text) => text is not null && AccountPattern().IsMatch(text);

    /// <summary>Whether the text is an address to which a token may be sent.</summary>
    internal static bool IsHttps(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>A client of the account of a connection string; null for a text that is none.</summary>
    internal static BlobServiceClient? Read(string? connectionString, BlobClientOptions? options = null)
    {
        try
        {
            return new(connectionString, options);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What is wrong, each as a sentence.</summary>
    internal IEnumerable<string> Faults()
    {
        (string Name, string? Value)[] endpoints = [(nameof(BlobEndpoint), BlobEndpoint), (nameof(TableEndpoint), TableEndpoint), (nameof(QueueEndpoint), QueueEndpoint)];
        if (UsesIdentity)
        {
            return
            [
                .. string.IsNullOrWhiteSpace(ConnectionString) ? [] : new[] { "Storage__ConnectionString and Storage__AccountName are both set: keep the one that is meant." },
                .. IsAccountName(AccountName) ? [] : new[] { "Storage__AccountName must be 3 to 24 lower-case letters or digits." },
                .. endpoints.Where(e => !string.IsNullOrWhiteSpace(e.Value) && !IsHttps(e.Value)).Select(e => $"Storage__{e.Name} must be an address that begins with https://."),
            ];
        }

        return ConnectionFault() is { } fault
            ? [fault]
            : endpoints.Where(e => !string.IsNullOrWhiteSpace(e.Value)).Select(e => $"Storage__{e.Name} goes with Storage__AccountName: a connection string names its own addresses.");
    }

    private string? ConnectionFault() =>
        string.IsNullOrWhiteSpace(ConnectionString)
            ? "Storage__ConnectionString is missing: set it to the connection string of the storage account, or Storage__AccountName to its name."
            : Read(ConnectionString) is not { } client ? "Storage__ConnectionString is not the connection string of a storage account."
            : !client.CanGenerateAccountSasUri ? "Storage__ConnectionString has no AccountKey, with which links are signed; to sign with an identity, set Storage__AccountName in its place."
            : null;

    [GeneratedRegex(@"^[a-z0-9]{3,24}\z", RegexOptions.NonBacktracking)]
    private static partial Regex AccountPattern();
}
