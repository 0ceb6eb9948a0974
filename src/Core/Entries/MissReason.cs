namespace HlsCache.Core.Entries;

/// <summary>Why a play found nothing that it could be served from.</summary>
public enum MissReason
{
    Cold,
    Evicted,
    SourceChanged,
    SettingsChanged,
    FailedIntegrity,
    ExpiredFailure,
}
