/** Settlement files in the providers' public layouts, with orders of our own: a row a line. */
const table = (...rows: readonly string[]): string => `${rows.join("\n")}\n`;

export const STRIPE = table(
  "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created,currency,gross,fee,net,reporting_category,charge_id,payment_intent_id,invoice_number,payment_metadata[order_id]",
  "po_1,2026-01-07 00:00:00,txn_1,2026-01-05 10:00:00,eur,119.00,1.91,117.09,charge,ch_1,pi_1,,B-1",
  "po_1,2026-01-07 00:00:00,txn_2,2026-01-05 11:00:00,eur,50.00,0.95,49.05,charge,ch_2,pi_2,RE-2,B-2",
  "po_1,2026-01-07 00:00:00,txn_3,2026-01-06 11:00:00,eur,-50.00,0.00,-50.00,refund,ch_2,pi_2,RE-2,B-2",
  "po_1,2026-01-07 00:00:00,txn_4,2026-01-06 12:00:00,eur,-20.00,15.00,-35.00,dispute,ch_0,pi_0,,B-0",
  "po_1,2026-01-07 00:00:00,txn_5,2026-01-06 12:00:00,eur,-2.00,0.00,-2.00,fee,,,,",
  "po_1,2026-01-07 00:00:00,txn_6,2026-01-07 00:00:00,eur,-79.14,0.00,-79.14,payout,,,,",
  ",,txn_7,2026-01-08 00:00:00,eur,10.00,0.40,9.60,charge,ch_9,pi_9,,B-9",
);

/** Newest first, German, as the account's owner downloads it. */
export const PAYPAL = table(
  "Datum,Uhrzeit,Zeitzone,Name,Typ,Status,Währung,Brutto,Gebühr,Netto,Transaktionscode,Rechnungsnummer,Zugehöriger Transaktionscode",
  '08.01.2026,09:00:00,CET,Cleo Beispiel,Express Checkout-Zahlung,Abgeschlossen,EUR,"20,00","-0,85","19,15",T5,RE-5,',
  '07.01.2026,09:00:00,CET,,Allgemeine Abbuchung,Abgeschlossen,EUR,"-1.157,60","0,00","-1.157,60",T4,,',
  '06.01.2026,09:00:00,CET,Ben Beispiel,Rückzahlung,Abgeschlossen,EUR,"-50,00","1,55","-48,45",T3,RE-1,T1',
  '05.01.2026,10:00:00,CET,Dora Beispiel,Express Checkout-Zahlung,Ausstehend,EUR,"99,00","0,00","99,00",T9,RE-9,',
  '05.01.2026,10:00:00,CET,Ada Beispiel,Express Checkout-Zahlung,Abgeschlossen,EUR,"1.190,00","-30,00","1.160,00",T2,RE-2,',
  '05.01.2026,09:00:00,CET,Ben Beispiel,Website-Zahlung,Abgeschlossen,EUR,"50,00","-3,95","46,05",T1,RE-1,',
);

export const ADYEN = table(
  "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number",
  "Lager,LagerDE,P1,B-1,visa,2026-01-05 10:00:00,CET,Settled,M1,EUR,,100.00,1,EUR,,98.50,,0.60,0.40,0.50,77",
  "Lager,LagerDE,P2,B-2,paypal,2026-01-05 10:00:00,CET,Settled,M2,EUR,,40.00,1,EUR,,39.00,1.00,,,,77",
  "Lager,LagerDE,P1,B-1,visa,2026-01-06 10:00:00,CET,Refunded,M3,EUR,30.00,,1,EUR,30.10,,0.10,,,,77",
  "Lager,LagerDE,P0,B-0,visa,2026-01-06 10:00:00,CET,Chargeback,M4,EUR,10.00,,1,EUR,17.50,,7.50,,,,77",
  "Lager,LagerDE,,Transaction Fees January,,2026-01-07 10:00:00,CET,Fee,M5,EUR,,,,EUR,2.90,,,,,,77",
  "Lager,LagerDE,,TX1000,,2026-01-07 10:00:00,CET,MerchantPayout,M6,EUR,,,,EUR,87.00,,,,,,77",
);

export const MOLLIE = table(
  "Date,Payment method,Currency,Amount,Status,ID,Description,Consumer name,Consumer bank account,Consumer BIC,Settlement currency,Settlement amount,Settlement reference,Amount refunded",
  "2026-01-05,iDEAL,EUR,35.00,paidout,tr_aaa,B-1,Ada Beispiel,,,EUR,35.00,1182161.2601.01,0.00",
  "2026-01-05,creditcard,EUR,60.00,paidout,tr_bbb,B-2,,,,EUR,60.00,1182161.2601.01,0.00",
  "2026-01-06,creditcard,EUR,-60.00,refunded,re_ccc,B-2,,,,EUR,-60.00,1182161.2601.01,0.00",
  "2026-01-06,,EUR,-1.55,,,Withheld transaction fees,,,,EUR,-1.55,1182161.2601.01,",
);

export const KLARNA = table(
  "type,capture_date,payment_reference,sale_date,merchant_reference1,merchant_reference2,amount,currency_code,order_id,capture_id,refund_id,payout_date",
  "SALE,2026-01-05T10:00:00Z,KL-77,2026-01-04,B-1,RE-1,80.00,EUR,o1,c1,,2026-01-09",
  "FEE,2026-01-05T10:00:00Z,KL-77,2026-01-04,B-1,RE-1,-2.49,EUR,o1,c1,,2026-01-09",
  "RETURN,2026-01-06T10:00:00Z,KL-77,2026-01-02,B-0,RE-0,-20.00,EUR,o0,,r0,2026-01-09",
);

/** A summary row first, then a row a component; amounts with a comma, as European marketplaces write them. Bars stand for tabs. */
export const AMAZON = table(
  "settlement-id|settlement-start-date|settlement-end-date|deposit-date|total-amount|currency|transaction-type|order-id|merchant-order-id|adjustment-id|shipment-id|marketplace-name|amount-type|amount-description|amount|fulfillment-id|posted-date|posted-date-time",
  "1001|01.01.2026 00:00:00 UTC|05.01.2026 00:00:00 UTC|07.01.2026 00:00:00 UTC|66,95|EUR||||||||||||",
  "1001||||||Order|302-1|||S1|Amazon.de|ItemPrice|Principal|84,03|MFN|02.01.2026|02.01.2026 10:00:00 UTC",
  "1001||||||Order|302-1|||S1|Amazon.de|ItemPrice|Tax|15,97|MFN|02.01.2026|02.01.2026 10:00:00 UTC",
  "1001||||||Order|302-1|||S1|Amazon.de|ItemFees|Commission|-15,00|MFN|02.01.2026|02.01.2026 10:00:00 UTC",
  "1001||||||Refund|302-0||A1||Amazon.de|ItemPrice|Principal|-20,00|MFN|03.01.2026|03.01.2026 10:00:00 UTC",
  "1001||||||Refund|302-0||A1||Amazon.de|ItemFees|RefundCommission|1,95|MFN|03.01.2026|03.01.2026 10:00:00 UTC",
).replaceAll("|", "\t");
