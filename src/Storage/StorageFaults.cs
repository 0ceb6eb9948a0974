using System.Globalization;
using System.Net.Sockets;
using Azure;
using Azure.Identity;
using HlsCache.Core.Sources;
using HlsCache.Storage.Queues.ServiceBus;

namespace HlsCache.Storage;

/// <summary>Tells faults of the storage service from faults of ours, and says what they are.</summary>
public static class StorageFaults
{
    private const string AnyRole = "the roles Storage Blob, Table and Queue Data Contributor";

    /// <summary>Whether the service did not answer, was throttling, failed or did not let us in; trying again later may help.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        RequestFailedException { Status: 0 or 401 or 403 or 429 or >= 500 } => true,
        // No token could be had; what is unavailable and what has expired derive from it.
        AuthenticationFailedException => true,
        SourceUnavailableException => true,
        // What the client gave up on after its own retries, a time-out of its network among them.
        AggregateException many => many.InnerExceptions.All(e => IsUnavailable(e) || e is TaskCanceledException or IOException),
        HttpRequestException or SocketException or TimeoutException or BusUnavailableException => true,
        _ => false,
    };

    /// <summary>How long the service asks to be left alone; null when it does not say.</summary>
    public static TimeSpan? RetryAfter(Exception exception) =>
        Cause(exception) is RequestFailedException failed && failed.GetRawResponse() is { } response ? RetryAfter(response) : null;

    internal static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>What happened and what to do, as the end of a sentence and on one line. Never holds a signature or a token.</summary>
    /// <param name="role">What this process's identity needs to be allowed what it asked for.</param>
    public static string Explain(Exception exception, string role = AnyRole) => Last(exception) switch
    {
        CredentialUnavailableException e => $"there is no identity to get a token with: {FirstLine(e)}",
        AuthenticationFailedException e => $"no token was given to this app's identity, whose credential may have expired: {FirstLine(e)}",
        RequestFailedException { Status: 401 or 403 } e => $"it refuses this app ({e.ErrorCode ?? "403"}): {Remedy(e.ErrorCode, role)}.",
        RequestFailedException { Status: 429 or 503 } e => $"it is busy ({e.ErrorCode ?? "503"}){(RetryAfter(e) is { } wait ? $" and asks to be left alone for {wait.TotalSeconds} s" : "")}.",
        { } e when IsUnknownHost(e) => $"there is no account of that name; check Storage__AccountName or Storage__ConnectionString: {FirstLine(e)}",
        OperationCanceledException => "it took too long.",
        { } e => FirstLine(e),
    };

    private static string Remedy(string? code, string role) => code switch
    {
        "AuthorizationPermissionMismatch" => $"its identity lacks {role}",
        "AuthenticationFailed" or "InvalidAuthenticationInfo" => "the key in Storage__ConnectionString, or the token of its identity, is not one that the account takes",
        "KeyBasedAuthenticationNotPermitted" => "the account takes no keys; set Storage__AccountName in place of Storage__ConnectionString",
        _ => $"check the key in Storage__ConnectionString, or that its identity has {role}, and the account's network rules",
    };

    private static bool IsUnknownHost(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => true,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => true,
        { InnerException: { } inner } => IsUnknownHost(inner),
        _ => false,
    };

    /// <summary>The last of many tries tells most.</summary>
    private static Exception Last(Exception exception) => exception is AggregateException { InnerExceptions: [.., var last] } ? Last(last) : exception;

    private static Exception Cause(Exception exception) => Last(exception is SourceUnavailableException { InnerException: { } inner } ? inner : exception);

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd();
}
