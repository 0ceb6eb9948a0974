using System.Text.RegularExpressions;

namespace HlsCache.Storage.Queues;

/// <summary>Section <c>Queue</c>: how jobs reach encoders.</summary>
public sealed partial class QueueOptions
{
    public const string Section = "Queue";

    /// <summary>Which service carries the jobs.</summary>
    public QueueKind Kind { get; set; } = QueueKind.StorageQueue;

    /// <summary>Name of the queue; its dead letters go to the same name with <c>-poison</c> behind it.</summary>
    public string Name { get; set; } = "encode-jobs";

    /// <summary>How often an idle encoder looks for work, in milliseconds: Storage queues do not push, and every look is paid for.</summary>
    public int PollMilliseconds { get; set; } = 250;

    // The service takes 63 characters, and the dead letters' name is longer.
    public bool HasValidName() => Name.Length is >= 3 and <= 56 && NamePattern().IsMatch(Name);

    [GeneratedRegex(@"^[a-z0-9](-?[a-z0-9])*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
